import type { PageSettings } from '../../page-settings.ts';
import type { App } from '../app.ts';
import type { Modules, Registry } from '../registry.ts';

/** What a change of WhatsApp's page is applied to, before the page connects. */
interface BuildContext {
  app: App;
  /** What the modules export: to be changed before anybody asks for them. */
  modules: Modules;
  /** Which modules there are, and when. */
  registry: Registry;
  settings: PageSettings;
}

/** One thing that a build has otherwise than the build before it. */
export interface PageChange {
  /** In words, for the page's own screen. */
  name: string;
  apply(context: BuildContext): void;
}
