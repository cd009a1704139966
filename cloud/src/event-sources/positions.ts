import { z } from 'zod';
import { openDatabase } from '../wire/database.ts';

export interface Positions {
  /** Sequence number of the last record that is done with. */
  read(shardId: string): string | undefined;
  keep(shardId: string, sequenceNumber: string): void;
  close(): void;
}

/**
 * Remembers how far each shard of a stream was read. A stream made anew has another ARN and begins at its beginning.
 */
export function openPositions({ dir, streamArn }: { dir: string; streamArn: string }): Positions {
  const db = openDatabase({
    dir,
    name: 'stream-positions',
    schema: `CREATE TABLE IF NOT EXISTS positions (
      stream TEXT NOT NULL, shard TEXT NOT NULL, sequence TEXT NOT NULL, PRIMARY KEY (stream, shard)
    ) STRICT, WITHOUT ROWID`,
  });
  const select = db.select(
    'SELECT sequence FROM positions WHERE stream = ? AND shard = ?',
    z.object({ sequence: z.string() }),
  );
  const upsert = db.change(
    'INSERT INTO positions VALUES (?, ?, ?) ON CONFLICT (stream, shard) DO UPDATE SET sequence = excluded.sequence',
  );
  return {
    read: (shardId) => select.get(streamArn, shardId)?.sequence,
    keep(shardId, sequenceNumber) {
      upsert(streamArn, shardId, sequenceNumber);
    },
    close: () => db.close(),
  };
}
