import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Positions {
  /** Sequence number of the last record that was delivered. */
  read(shardId: string): string | undefined;
  keep(shardId: string, sequenceNumber: string): void;
  close(): void;
}

/** Remembers how far each shard of a stream was read. */
export function openPositions(dir: string): Positions {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'positions.sqlite'));
  db.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS positions (shard TEXT PRIMARY KEY, sequence TEXT NOT NULL)',
  );
  const select = db.prepare('SELECT sequence FROM positions WHERE shard = ?');
  const upsert = db.prepare(
    'INSERT INTO positions VALUES (?, ?) ON CONFLICT (shard) DO UPDATE SET sequence = excluded.sequence',
  );
  return {
    read: (shardId) => (select.get(shardId) as { sequence: string } | undefined)?.sequence,
    keep(shardId, sequenceNumber) {
      upsert.run(shardId, sequenceNumber);
    },
    close: () => db.close(),
  };
}
