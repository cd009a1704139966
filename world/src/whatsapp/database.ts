import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const schema = `
CREATE TABLE IF NOT EXISTS phones (
  number TEXT PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL, lid TEXT NOT NULL UNIQUE, platform TEXT NOT NULL,
  about TEXT NOT NULL, online INTEGER NOT NULL, auto_read INTEGER NOT NULL, addressing TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contacts (
  phone TEXT NOT NULL, number TEXT NOT NULL, name TEXT, blocked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (phone, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rooms (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS room_members (room TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (room, number)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS devices (
  id TEXT PRIMARY KEY, phone TEXT NOT NULL, token TEXT NOT NULL, os TEXT NOT NULL, browser TEXT NOT NULL,
  linked_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, confirmed INTEGER NOT NULL, received INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS devices_by_phone ON devices (phone);
CREATE TABLE IF NOT EXISTS chats (
  phone TEXT NOT NULL, peer TEXT NOT NULL, kind TEXT NOT NULL, addressing TEXT NOT NULL, t INTEGER NOT NULL,
  unread INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0, pinned INTEGER NOT NULL DEFAULT 0,
  mute_expiration INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (phone, peer)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, phone TEXT NOT NULL, peer TEXT NOT NULL, id TEXT NOT NULL, remote TEXT NOT NULL,
  from_me INTEGER NOT NULL, author TEXT, type TEXT NOT NULL, text TEXT NOT NULL, t INTEGER NOT NULL, ack INTEGER NOT NULL,
  on_phone INTEGER NOT NULL, media TEXT, quoted TEXT, edited_at INTEGER, forwarded INTEGER NOT NULL DEFAULT 0,
  starred INTEGER NOT NULL DEFAULT 0, extra TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS messages_by_id ON messages (phone, id, peer);
CREATE INDEX IF NOT EXISTS messages_by_chat ON messages (phone, peer, t, seq);
CREATE INDEX IF NOT EXISTS messages_copies ON messages (id);
CREATE INDEX IF NOT EXISTS messages_unticked ON messages (phone, peer, ack) WHERE from_me = 1 AND ack < 3;
CREATE INDEX IF NOT EXISTS messages_waiting ON messages (phone, peer) WHERE on_phone = 0;
CREATE TABLE IF NOT EXISTS reactions (
  phone TEXT NOT NULL, id TEXT NOT NULL, peer TEXT NOT NULL, author TEXT NOT NULL, emoji TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (phone, id, peer, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS votes (
  id TEXT NOT NULL, author TEXT NOT NULL, options TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (id, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed (
  phone TEXT NOT NULL, id TEXT NOT NULL, peer TEXT NOT NULL, subtype TEXT NOT NULL, PRIMARY KEY (phone, id, peer)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revoked (
  phone TEXT NOT NULL, peer TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (phone, id, peer)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS number_changes (
  phone TEXT NOT NULL, peer TEXT NOT NULL, old TEXT, new TEXT, PRIMARY KEY (phone, peer)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, mimetype TEXT NOT NULL, filename TEXT, bytes BLOB NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
  media_key TEXT NOT NULL, expired INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS notes (seq INTEGER PRIMARY KEY AUTOINCREMENT, phone TEXT NOT NULL, origin TEXT, note TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS notes_by_phone ON notes (phone, seq);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, phone TEXT, data TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS passkeys (
  id TEXT PRIMARY KEY, phone TEXT NOT NULL UNIQUE, private_key TEXT NOT NULL, counter INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS faults (scope TEXT PRIMARY KEY, faults TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page_settings (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL) STRICT;
`;

interface Query<Row> {
  all(...params: SQLInputValue[]): Row[];
  get(...params: SQLInputValue[]): Row | undefined;
  /** Number of rows changed. */
  run(...params: SQLInputValue[]): number;
}

export interface Database {
  /** Prepares once; `Row` states what the SELECT yields, and is the one place where its shape is asserted. */
  query<Row>(sql: string): Query<Row>;
  /** All or nothing. May be nested: the outermost commits. */
  transaction<T>(work: () => T): T;
  /** Runs once what is being written is there to stay: at once outside a transaction, never after a rollback. */
  afterCommit(effect: () => void): void;
  /** Whoever keeps a copy of what is stored must forget it then. */
  onRollback(listener: () => void): void;
  close(): void;
}

/** The world's state: WAL keeps all that was committed when the process is killed. */
export function openDatabase(dir: string): Database {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'whatsapp.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec(schema);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  let depth = 0;
  let effects: (() => void)[] = [];
  const rollbackListeners: (() => void)[] = [];

  function finish(): void {
    commit.run();
    const due = effects;
    effects = [];
    for (const effect of due) effect();
  }

  function transaction<T>(work: () => T): T {
    if (depth === 0) begin.run();
    depth += 1;
    let result: T;
    try {
      result = work();
    } catch (error) {
      depth -= 1;
      if (depth === 0) {
        effects = [];
        rollback.run();
        for (const listener of rollbackListeners) listener();
      }
      throw error;
    }
    depth -= 1;
    if (depth === 0) finish();
    return result;
  }

  return {
    query: <Row>(sql: string) => asQuery<Row>(db.prepare(sql)),
    transaction,
    afterCommit(effect) {
      if (depth === 0) effect();
      else effects.push(effect);
    },
    onRollback: (listener) => void rollbackListeners.push(listener),
    close: () => db.close(),
  };
}

/** Tables are STRICT: the schema above and the SELECT vouch for the shape. `Object()` hands a row over as it is. */
function asQuery<Row>(statement: StatementSync): Query<Row> {
  return {
    all: (...params): Row[] => Object(statement.all(...params)),
    get(...params): Row | undefined {
      const row = statement.get(...params);
      return row === undefined ? undefined : Object(row);
    },
    run: (...params) => Number(statement.run(...params).changes),
  };
}
