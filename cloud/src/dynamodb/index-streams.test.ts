import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startDynamoDb } from './index.ts';

// dynoxide's own statements. Should a version change its columns, its start fails here and not at somebody's desk.
const nextNumber =
  'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?';
const recordsAfter =
  'SELECT event_name FROM _stream_records WHERE table_name = ? AND shard_id = ? AND CAST(sequence_number AS INTEGER) > ?';

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('indexes of the stream', () => {
  it('serve the statements that every write and every poll runs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'index-streams-'));
    try {
      await (await startDynamoDb({ dir })).close();
      const db = new DatabaseSync(join(dir, 'tables.db'), { readOnly: true });
      const planOf = (sql: string, ...parameters: (string | number)[]) =>
        JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters));
      expect(planOf(nextNumber, 'items')).toContain('stream_records_by_number');
      expect(planOf(recordsAfter, 'items', 'shard', 1)).toContain('stream_records_by_shard');
      db.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
