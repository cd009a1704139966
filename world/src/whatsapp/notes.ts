import type { Database } from './database.ts';
import type { Devices } from './devices.ts';
import type { Note } from './wire.ts';

export interface StoredNote {
  seq: number;
  note: Note;
}

export interface Notes {
  /**
   * Keeps a change for every linked device of the phone but `except`, and hands it to those that are connected once
   * it is committed. Nothing is kept for a phone without linked devices.
   */
  post(phone: string, note: Note, options?: { except?: string | undefined }): void;
  last(): number;
  /** What a device hasn't confirmed yet, in order. */
  after(options: { phone: string; device: string; seq: number }): StoredNote[];
  waiting(options: { phone: string; device: string; seq: number }): number;
  /** Forgets what every linked device of the phone has confirmed. */
  prune(phone: string): void;
  onPost(listener: (phone: string, stored: StoredNote, except: string | undefined) => void): void;
}

export function createNotes({ db, devices }: { db: Database; devices: Devices }): Notes {
  const insert = db.query<{ seq: number }>('INSERT INTO notes (phone, origin, note) VALUES (?, ?, ?) RETURNING seq');
  const newest = db.query<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'notes'`);
  const after = db.query<{ seq: number; note: string }>(
    `SELECT seq, note FROM notes WHERE phone = ? AND seq > ? AND coalesce(origin, '') <> ? ORDER BY seq`,
  );
  const count = db.query<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM notes WHERE phone = ? AND seq > ? AND coalesce(origin, '') <> ?`,
  );
  const prune = db.query('DELETE FROM notes WHERE phone = ? AND seq <= ?');
  const listeners: Parameters<Notes['onPost']>[0][] = [];

  return {
    post(phone, note, options) {
      if (devices.of(phone).length === 0) return;
      const seq = insert.get(phone, options?.except ?? null, JSON.stringify(note))?.seq ?? 0;
      db.afterCommit(() => {
        for (const listener of listeners) listener(phone, { seq, note }, options?.except);
      });
    },
    last: () => newest.get()?.seq ?? 0,
    after({ phone, device, seq }) {
      return after.all(phone, seq, device).map((row) => {
        const note: Note = JSON.parse(row.note);
        return { seq: row.seq, note };
      });
    },
    waiting: ({ phone, device, seq }) => count.get(phone, seq, device)?.waiting ?? 0,
    prune(phone) {
      const linked = devices.of(phone);
      const confirmed = linked.length === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...linked.map((row) => row.confirmed));
      prune.run(phone, confirmed);
    },
    onPost: (listener) => void listeners.push(listener),
  };
}
