import type { Database } from './database.ts';
import type { EventLog } from './event-log.ts';
import { noFaults, type Faults } from './faults.ts';

const worldScope = '*';

export interface FaultBoard {
  /** What applies to one phone, or to devices that belong to none yet. */
  of(phone?: string): Faults;
  /** Only what was set, without defaults. */
  set(changes: Partial<Faults>, phone?: string): Faults;
  clear(phone?: string): void;
  overview(): { world: Faults; phones: Record<string, Partial<Faults>> };
}

/** Faults outlive a restart, so that a restart can be part of a test. */
export function createFaultBoard({ db, events }: { db: Database; events: EventLog }): FaultBoard {
  const all = db.query<{ scope: string; faults: string }>('SELECT scope, faults FROM faults');
  const put = db.query(
    'INSERT INTO faults (scope, faults) VALUES (?, ?) ON CONFLICT DO UPDATE SET faults = excluded.faults',
  );
  const remove = db.query('DELETE FROM faults WHERE scope = ?');
  const scopes = new Map(all.all().map((row) => [row.scope, readFaults(row.faults)]));

  function of(phone?: string): Faults {
    return { ...noFaults, ...scopes.get(worldScope), ...(phone === undefined ? {} : scopes.get(phone)) };
  }

  return {
    of,
    set(changes, phone) {
      const scope = phone ?? worldScope;
      const next = { ...scopes.get(scope), ...changes };
      scopes.set(scope, next);
      put.run(scope, JSON.stringify(next));
      events.record({ kind: 'faults-changed', phone, data: { faults: next } });
      return of(phone);
    },
    clear(phone) {
      scopes.delete(phone ?? worldScope);
      remove.run(phone ?? worldScope);
      events.record({ kind: 'faults-changed', phone, data: { faults: {} } });
    },
    overview() {
      const phones = Object.fromEntries([...scopes].filter(([scope]) => scope !== worldScope));
      return { world: of(), phones };
    },
  };
}

function readFaults(text: string): Partial<Faults> {
  const faults: Partial<Faults> = JSON.parse(text);
  return faults;
}
