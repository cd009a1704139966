import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';

interface Selection<Row> {
  all(...params: SQLInputValue[]): Row[];
  get(...params: SQLInputValue[]): Row | undefined;
}

export interface Database {
  /** Prepares once. Rows come out as the schema says, or not at all. */
  select<Schema extends z.ZodType>(sql: string, row: Schema): Selection<z.output<Schema>>;
  /** Prepares once. Returns the number of rows changed. */
  change(sql: string): (...params: SQLInputValue[]) => number;
  /** All or nothing; not to be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface DatabaseOptions {
  /** Made when missing. */
  dir: string;
  /** File name without ending. */
  name: string;
  /** CREATE … IF NOT EXISTS statements. */
  schema: string;
}

/** An emulator's state. WAL keeps all that was committed when the process is killed. */
export function openDatabase({ dir, name, schema }: DatabaseOptions): Database {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(dir, `${name}.sqlite`));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec(schema);
  return {
    select(sql, row) {
      const statement = db.prepare(sql);
      return {
        all: (...params) => statement.all(...params).map((found) => row.parse(found)),
        get(...params) {
          const found = statement.get(...params);
          return found && row.parse(found);
        },
      };
    },
    change(sql) {
      const statement = db.prepare(sql);
      return (...params) => Number(statement.run(...params).changes);
    },
    transaction(work) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
