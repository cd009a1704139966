import type { Database } from './database.ts';
import type { EventLog } from './event-log.ts';
import { mergePage, pageChangesSchema, resolvePage, type PageChanges, type PageSettings } from './page-settings.ts';

export interface PageBoard {
  get(): PageSettings;
  /** What isn't named stays. */
  set(changes: PageChanges): PageSettings;
}

/** The page's settings outlive a restart. Only what was set is kept, so that a new default reaches a world that has set nothing. */
export function createPageBoard({ db, events }: { db: Database; events: EventLog }): PageBoard {
  const stored = db.query<{ settings: string }>('SELECT settings FROM page_settings WHERE id = 1');
  const put = db.query(
    'INSERT INTO page_settings (id, settings) VALUES (1, ?) ON CONFLICT DO UPDATE SET settings = excluded.settings',
  );
  let set = readChanges(stored.get()?.settings);

  return {
    get: () => resolvePage(set),
    set(changes) {
      set = mergePage(set, changes);
      put.run(JSON.stringify(set));
      events.record({ kind: 'page-changed', data: { page: resolvePage(set) } });
      return resolvePage(set);
    },
  };
}

function readChanges(text: string | undefined): PageChanges {
  return pageChangesSchema.parse(text === undefined ? {} : JSON.parse(text));
}
