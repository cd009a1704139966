import type { Database } from './database.ts';

interface NumberChange {
  /** The number that the chat's person had before. */
  old?: string | undefined;
  /** The number that the chat's person has now. */
  new?: string | undefined;
}

/** Which chats of which phone belong to somebody who has changed numbers. */
export interface NumberChanges {
  of(phone: string, peer: string): NumberChange | undefined;
  /** Of both, the later word counts: who has changed twice is known by the last change. */
  set(phone: string, peer: string, change: NumberChange): void;
}

export function createNumberChanges(db: Database): NumberChanges {
  const get = db.query<{ old: string | null; new: string | null }>(
    'SELECT old, new FROM number_changes WHERE phone = ? AND peer = ?',
  );
  const put = db.query('INSERT OR REPLACE INTO number_changes (phone, peer, old, new) VALUES (?, ?, ?, ?)');

  return {
    of(phone, peer) {
      const row = get.get(phone, peer);
      return row === undefined ? undefined : { old: row.old ?? undefined, new: row.new ?? undefined };
    },
    set: (phone, peer, change) => void put.run(phone, peer, change.old ?? null, change.new ?? null),
  };
}
