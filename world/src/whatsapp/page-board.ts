import type { Database } from './database.ts';
import type { EventLog } from './event-log.ts';
import { mergePage, pageChangesSchema, resolvePage, type PageChanges, type PageSettings } from './page-settings.ts';

interface Options {
  db: Database;
  events: EventLog;
  forRun: PageChanges;
}

export interface PageBoard {
  get(): PageSettings;
  /** What isn't named stays. */
  set(changes: PageChanges): PageSettings;
}

/**
 * The page's settings outlive a restart. Only what was set is kept, so that a new default reaches a world that has set
 * nothing. `forRun` holds for as long as the world runs, until it is set otherwise.
 */
export function createPageBoard({ db, events, forRun }: Options): PageBoard {
  const stored = db.query<{ settings: string }>('SELECT settings FROM page_settings WHERE id = 1');
  const put = db.query(
    'INSERT INTO page_settings (id, settings) VALUES (1, ?) ON CONFLICT DO UPDATE SET settings = excluded.settings',
  );
  let kept = readChanges(stored.get()?.settings);
  let current = mergePage(kept, forRun);

  return {
    get: () => resolvePage(current),
    set(changes) {
      kept = mergePage(kept, changes);
      current = mergePage(current, changes);
      put.run(JSON.stringify(kept));
      const page = resolvePage(current);
      events.record({ kind: 'page-changed', data: { page } });
      return page;
    },
  };
}

function readChanges(text: string | undefined): PageChanges {
  return pageChangesSchema.parse(text === undefined ? {} : JSON.parse(text));
}
