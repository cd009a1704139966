import type { SQLInputValue } from 'node:sqlite';
import { kindOf } from './addresses.ts';
import type { Database } from './database.ts';
import type { Ack, Addressing, ChatKind, MessageType } from './types.ts';

/** Rows as stored: every phone has its own chats and its own copy of each message. */
export interface ChatRow {
  phone: string;
  peer: string;
  kind: ChatKind;
  addressing: Addressing;
  t: number;
  unread: number;
  archived: number;
  pinned: number;
  mute_expiration: number;
}

export interface MessageRow {
  seq: number;
  phone: string;
  peer: string;
  id: string;
  /** The chat's id when the copy was stored: it stays when the chat's id changes later. */
  remote: string;
  from_me: number;
  author: string | null;
  type: MessageType;
  text: string;
  t: number;
  ack: Ack;
  /** 0 while the phone is off and hasn't fetched it. */
  on_phone: number;
  media: string | null;
  quoted: string | null;
  edited_at: number | null;
  forwarded: number;
  starred: number;
  extra: string;
}

type NewMessage = Omit<MessageRow, 'seq' | 'edited_at' | 'starred'>;

interface ReactionRow {
  author: string;
  emoji: string;
  at: number;
}

interface VoteRow {
  author: string;
  /** JSON: the chosen options' places in the poll. */
  options: string;
  at: number;
}

type MessageName = Pick<MessageRow, 'phone' | 'peer' | 'id'>;

export type ChatSettings = Partial<Pick<ChatRow, 'archived' | 'pinned' | 'mute_expiration' | 'unread' | 'addressing'>>;

type Changes = Record<string, SQLInputValue>;

export interface Mailboxes {
  chats(phone: string): ChatRow[];
  chat(phone: string, peer: string): ChatRow | undefined;
  /** Makes the chat where there is none, and moves its time and unread count on. */
  touchChat(chat: { phone: string; peer: string; addressing: Addressing; t: number; unread: number }): ChatRow;
  changeChat(phone: string, peer: string, settings: ChatSettings): void;
  deleteChat(phone: string, peer: string): void;
  clearChat(phone: string, peer: string): void;
  insert(message: NewMessage): MessageRow;
  message(phone: string, peer: string, id: string): MessageRow | undefined;
  messagesById(phone: string, id: string): MessageRow[];
  bySeq(seq: number): MessageRow | undefined;
  copies(id: string): MessageRow[];
  /** Newest `limit` before a point, oldest first. */
  before(options: { phone: string; peer: string; t: number; seq: number; limit: number }): MessageRow[];
  /** Whether the other has written in the chat; notices are nobody's words. */
  heardFrom(phone: string, peer: string): boolean;
  /** In order of storage. */
  after(options: {
    phone: string;
    peer?: string | undefined;
    seq: number;
    limit: number;
    received?: boolean | undefined;
  }): MessageRow[];
  last(phone: string, peer: string): MessageRow | undefined;
  search(options: { phone: string; peer: string | null; text: string; limit: number; offset: number }): MessageRow[];
  waiting(phone: string): MessageRow[];
  update(
    seq: number,
    changes: Partial<
      Pick<MessageRow, 'id' | 'ack' | 'type' | 'text' | 't' | 'edited_at' | 'on_phone' | 'starred' | 'media' | 'extra'>
    >,
  ): void;
  /** Own messages up to a moment whose tick is lower than `ack`. */
  unticked(options: { phone: string; peer: string; ack: Ack }): MessageRow[];
  remove(seq: number): void;
  react(message: MessageName, reaction: ReactionRow): void;
  reactions(message: MessageName): ReactionRow[];
  /** Each person's last vote on a poll counts, on all phones. */
  vote(poll: string, vote: VoteRow): void;
  votes(poll: string): VoteRow[];
  /** Keeps what a message was before it was deleted for everyone: answers quote it all the same. */
  keepRevoked(message: MessageRow): void;
  revoked(message: MessageName): MessageRow | undefined;
  /** Linked devices have a placeholder of this subtype instead, until it is unsealed. */
  seal(message: MessageName, subtype: string): void;
  unseal(message: MessageName): void;
  sealed(message: MessageName): string | undefined;
  counts(phone: string): { chats: number; messages: number; unread: number };
}

export function createMailboxes(db: Database): Mailboxes {
  const chats = db.query<ChatRow>('SELECT * FROM chats WHERE phone = ? ORDER BY t DESC, peer');
  const chat = db.query<ChatRow>('SELECT * FROM chats WHERE phone = ? AND peer = ?');
  const touch = db.query<ChatRow>(
    `INSERT INTO chats (phone, peer, kind, addressing, t, unread) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET t = max(t, excluded.t), unread = max(unread, 0) + excluded.unread RETURNING *`,
  );
  const insert = db.query<MessageRow>(
    `INSERT INTO messages (phone, peer, id, remote, from_me, author, type, text, t, ack, on_phone, media, quoted, forwarded, extra)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
  );
  const message = db.query<MessageRow>('SELECT * FROM messages WHERE phone = ? AND id = ? AND peer = ?');
  const messagesById = db.query<MessageRow>('SELECT * FROM messages WHERE phone = ? AND id = ?');
  const bySeq = db.query<MessageRow>('SELECT * FROM messages WHERE seq = ?');
  const copies = db.query<MessageRow>('SELECT * FROM messages WHERE id = ? ORDER BY seq');
  const before = db.query<MessageRow>(
    `SELECT * FROM messages WHERE phone = ? AND peer = ? AND (t, seq) < (?, ?) ORDER BY t DESC, seq DESC LIMIT ?`,
  );
  const after = db.query<MessageRow>('SELECT * FROM messages WHERE phone = ? AND seq > ? ORDER BY seq LIMIT ?');
  const receivedAfter = db.query<MessageRow>(
    'SELECT * FROM messages WHERE phone = ? AND seq > ? AND from_me = 0 ORDER BY seq LIMIT ?',
  );
  const afterInChat = db.query<MessageRow>(
    'SELECT * FROM messages WHERE phone = ? AND peer = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const last = db.query<MessageRow>(
    'SELECT * FROM messages WHERE phone = ? AND peer = ? ORDER BY t DESC, seq DESC LIMIT 1',
  );
  const heardFrom = db.query<{ seq: number }>(
    `SELECT seq FROM messages WHERE phone = ? AND peer = ? AND from_me = 0
     AND type NOT IN ('notification_template', 'e2e_notification', 'gp2') LIMIT 1`,
  );
  const search = db.query<MessageRow>(
    `SELECT * FROM messages WHERE phone = ? AND (? IS NULL OR peer = ?) AND instr(lower(text), lower(?)) > 0
     ORDER BY t DESC, seq DESC LIMIT ? OFFSET ?`,
  );
  const waiting = db.query<MessageRow>('SELECT * FROM messages WHERE phone = ? AND on_phone = 0 ORDER BY seq');
  const unticked = db.query<MessageRow>(
    'SELECT * FROM messages WHERE phone = ? AND peer = ? AND from_me = 1 AND ack < 3 AND ack BETWEEN 0 AND ? ORDER BY seq',
  );
  const remove = db.query('DELETE FROM messages WHERE seq = ?');
  const removeChat = db.query('DELETE FROM chats WHERE phone = ? AND peer = ?');
  const removeMessages = db.query('DELETE FROM messages WHERE phone = ? AND peer = ?');
  const putReaction = db.query(
    `INSERT INTO reactions (phone, id, peer, author, emoji, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET emoji = excluded.emoji, at = excluded.at`,
  );
  const reactions = db.query<ReactionRow>(
    `SELECT author, emoji, at FROM reactions WHERE phone = ? AND id = ? AND peer = ? AND emoji <> '' ORDER BY at`,
  );
  const putVote = db.query(
    `INSERT INTO votes (id, author, options, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET options = excluded.options, at = excluded.at`,
  );
  const votes = db.query<VoteRow>('SELECT author, options, at FROM votes WHERE id = ? ORDER BY at');
  const keepRevoked = db.query('INSERT OR REPLACE INTO revoked (phone, peer, id, row) VALUES (?, ?, ?, ?)');
  const revoked = db.query<{ row: string }>('SELECT row FROM revoked WHERE phone = ? AND id = ? AND peer = ?');
  const seal = db.query('INSERT OR REPLACE INTO sealed (phone, id, peer, subtype) VALUES (?, ?, ?, ?)');
  const unseal = db.query('DELETE FROM sealed WHERE phone = ? AND id = ? AND peer = ?');
  const sealed = db.query<{ subtype: string }>('SELECT subtype FROM sealed WHERE phone = ? AND id = ? AND peer = ?');
  const chatCounts = db.query<{ chats: number; unread: number }>(
    'SELECT count(*) AS chats, coalesce(sum(max(unread, 0)), 0) AS unread FROM chats WHERE phone = ?',
  );
  const messageCount = db.query<{ messages: number }>('SELECT count(*) AS messages FROM messages WHERE phone = ?');

  /** Column names come from the types above, never from input. */
  function change(table: 'chats' | 'messages', where: string, keys: SQLInputValue[], changes: Changes): void {
    const entries = Object.entries(changes);
    if (entries.length === 0) return;
    const assignments = entries.map(([column]) => `${column} = ?`).join(', ');
    cached(`UPDATE ${table} SET ${assignments} WHERE ${where}`).run(...entries.map(([, value]) => value), ...keys);
  }

  const statements = new Map<string, ReturnType<typeof db.query>>();
  function cached(sql: string): ReturnType<typeof db.query> {
    const statement = statements.get(sql) ?? db.query(sql);
    statements.set(sql, statement);
    return statement;
  }

  return {
    chats: (phone) => chats.all(phone),
    chat: (phone, peer) => chat.get(phone, peer),
    touchChat({ phone, peer, addressing, t, unread }) {
      return stored(touch.get(phone, peer, kindOf(peer), addressing, t, unread));
    },
    changeChat: (phone, peer, settings) => change('chats', 'phone = ? AND peer = ?', [phone, peer], settings),
    deleteChat(phone, peer) {
      removeMessages.run(phone, peer);
      removeChat.run(phone, peer);
    },
    clearChat: (phone, peer) => void removeMessages.run(phone, peer),
    insert(row) {
      return stored(
        insert.get(
          row.phone,
          row.peer,
          row.id,
          row.remote,
          row.from_me,
          row.author,
          row.type,
          row.text,
          row.t,
          row.ack,
          row.on_phone,
          row.media,
          row.quoted,
          row.forwarded,
          row.extra,
        ),
      );
    },
    message: (phone, peer, id) => message.get(phone, id, peer),
    messagesById: (phone, id) => messagesById.all(phone, id),
    bySeq: (seq) => bySeq.get(seq),
    copies: (id) => copies.all(id),
    before: ({ phone, peer, t, seq, limit }) => before.all(phone, peer, t, seq, limit).toReversed(),
    after({ phone, peer, seq, limit, received }) {
      if (peer !== undefined) return afterInChat.all(phone, peer, seq, limit);
      return received === true ? receivedAfter.all(phone, seq, limit) : after.all(phone, seq, limit);
    },
    last: (phone, peer) => last.get(phone, peer),
    heardFrom: (phone, peer) => heardFrom.get(phone, peer) !== undefined,
    search: ({ phone, peer, text, limit, offset }) => search.all(phone, peer, peer, text, limit, offset),
    waiting: (phone) => waiting.all(phone),
    update: (seq, changes) => change('messages', 'seq = ?', [seq], changes),
    unticked: ({ phone, peer, ack }) => unticked.all(phone, peer, ack - 1),
    remove: (seq) => void remove.run(seq),
    react: ({ phone, peer, id }, { author, emoji, at }) => void putReaction.run(phone, id, peer, author, emoji, at),
    reactions: ({ phone, peer, id }) => reactions.all(phone, id, peer),
    vote: (poll, { author, options, at }) => void putVote.run(poll, author, options, at),
    votes: (poll) => votes.all(poll),
    keepRevoked: (row) => void keepRevoked.run(row.phone, row.peer, row.id, JSON.stringify(row)),
    revoked({ phone, peer, id }) {
      const text = revoked.get(phone, id, peer)?.row;
      if (text === undefined) return undefined;
      const row: MessageRow = JSON.parse(text);
      return row;
    },
    seal: ({ phone, peer, id }, subtype) => void seal.run(phone, id, peer, subtype),
    unseal: ({ phone, peer, id }) => void unseal.run(phone, id, peer),
    sealed: ({ phone, peer, id }) => sealed.get(phone, id, peer)?.subtype,
    counts(phone) {
      const { chats: chatCount = 0, unread = 0 } = chatCounts.get(phone) ?? {};
      return { chats: chatCount, unread, messages: messageCount.get(phone)?.messages ?? 0 };
    },
  };
}

function stored<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('SQLite returned no row for an insert.');
  return row;
}
