import type { App } from '../app.ts';
import type { Inbox } from '../inbox.ts';
import type { Outbox } from '../outbox.ts';

/** What the page's modules are made with. */
export interface ModuleContext {
  app: App;
  inbox: Inbox;
  outbox: Outbox;
  /** What the library may replace to name the linked device. */
  browser: { info: () => { os: string; name: string } };
  leave: () => Promise<void>;
}
