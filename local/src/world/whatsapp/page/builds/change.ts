import type { PageSettings } from '../../page-settings.ts';
import type { App } from '../app.ts';
import type { Modules } from '../registry.ts';

/** What a change of WhatsApp's page is applied to, before the page connects. */
export interface BuildContext {
  app: App;
  modules: Modules;
  settings: PageSettings;
}

/** One thing that a build has otherwise than the build before it. */
export interface PageChange {
  /** In words, for the page's own screen. */
  name: string;
  apply(context: BuildContext): void;
}
