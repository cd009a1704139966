import type { Database } from './database.ts';
import type { WorldEvent, WorldEventKind } from './types.ts';

interface EventRow {
  seq: number;
  at: number;
  kind: WorldEventKind;
  phone: string | null;
  data: string;
}

interface EventInput {
  kind: WorldEventKind;
  phone?: string | undefined;
  data?: Record<string, unknown> | undefined;
}

export interface EventLog {
  record(event: EventInput): void;
  /** Oldest first; `phone` narrows to one phone. */
  read(options: { after: number; limit: number; phone?: string | undefined }): WorldEvent[];
  last(): number;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: WorldEvent) => void): () => void;
}

const keep = 200_000;
const pruneEvery = 5000;

export function createEventLog({ db, now }: { db: Database; now: () => number }): EventLog {
  const insert = db.query<{ seq: number }>(
    'INSERT INTO events (at, kind, phone, data) VALUES (?, ?, ?, ?) RETURNING seq',
  );
  const after = db.query<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
  const afterForPhone = db.query<EventRow>('SELECT * FROM events WHERE seq > ? AND phone = ? ORDER BY seq LIMIT ?');
  const newest = db.query<{ seq: number | null }>('SELECT max(seq) AS seq FROM events');
  const prune = db.query('DELETE FROM events WHERE seq <= ?');
  const listeners = new Set<(event: WorldEvent) => void>();

  function record({ kind, phone, data }: EventInput): void {
    const at = now();
    const seq = insert.get(at, kind, phone ?? null, JSON.stringify(data ?? {}))?.seq ?? 0;
    if (seq % pruneEvery === 0) prune.run(seq - keep);
    const event: WorldEvent = { seq, at, kind, phone: phone ?? null, data: data ?? {} };
    db.afterCommit(() => {
      for (const listener of listeners) listener(event);
    });
  }

  function read(options: { after: number; limit: number; phone?: string | undefined }): WorldEvent[] {
    const rows =
      options.phone === undefined
        ? after.all(options.after, options.limit)
        : afterForPhone.all(options.after, options.phone, options.limit);
    return rows.map((row) => {
      const data: Record<string, unknown> = JSON.parse(row.data);
      return { ...row, data };
    });
  }

  return {
    record,
    read,
    last: () => newest.get()?.seq ?? 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
