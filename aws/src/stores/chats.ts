import type { AssistantMode, ChatId, MessageId, ProposalFailure } from '@top-active/core/contracts';
import { readChat, requireChat } from './chat-access.ts';
import { activityOf, newChat, putChat, withContact } from './chat-record.ts';
import { chatRecordSchema, storedChatSchema, type ChatRecord } from './chat-schema.ts';
import type { Contact } from './contact.ts';
import { decodeChatCursor, encodeChatCursor } from './chat-cursor.ts';
import { decideMerge, decideRejoin, mergeTold } from './merge-chats.ts';
import { decideUnmerge } from './unmerge-chats.ts';
import { findPeer, peerWrites, withIds } from './peers.ts';
import { storableContact } from './storable-message.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import { superseded } from './suggestion-record.ts';

export interface ChatPage {
  items: ChatRecord[];
  /** Cursor of the following (older) page, absent at the end. */
  next?: string | undefined;
}

export interface ChatStore {
  /**
   * Newest activity first. `limit` at most 100.
   * @throws {AppError} `invalid_request` naming `cursor`
   */
  page(query: { cursor?: string | undefined; limit: number }): Promise<ChatPage>;
  get(chatId: ChatId): Promise<ChatRecord | undefined>;
  /** @throws {AppError} `chat_not_found` */
  require(chatId: ChatId): Promise<ChatRecord>;
  /** The chat of a peer under any of its ids (ninth digit or not), undefined when never met. */
  resolvePeer(waIds: readonly string[]): Promise<ChatId | undefined>;
  /**
   * Makes the chat when new; otherwise takes over name, phone, ids and WhatsApp's unread count. Writes only what
   * changed.
   */
  upsertContact(contact: Contact): Promise<{ chatId: ChatId; created: boolean }>;
  /**
   * Shows chats as one from now on, in the oldest of them, unless they can't be one person's or were taken apart. No
   * message moves, and one write does it all, so it may be asked for again at any time.
   * @returns the chat of the first id
   * @throws {AppError} `chat_not_found`
   */
  merge(chatIds: readonly [ChatId, ...ChatId[]]): Promise<ChatRecord>;
  /**
   * Takes a merged chat out again, with all messages that came or went under its ids, also since. They stay apart for
   * good. Nothing happens when it was taken out before.
   * @returns both chats
   * @throws {AppError} `chat_not_found`
   */
  unmerge(chatId: ChatId, mergedId: ChatId): Promise<[ChatRecord, ChatRecord]>;
  /**
   * The owner took them apart by mistake: merges them again. Nothing happens when they are one.
   * @throws {AppError} `chat_not_found`; `conflict` when they were never taken apart, or can't be one person's any more
   */
  rejoin(chatId: ChatId, otherId: ChatId): Promise<ChatRecord>;
  /** `off` also supersedes the chat's pending suggestion. @throws {AppError} `chat_not_found` */
  setAssistantMode(chatId: ChatId, mode: AssistantMode): Promise<ChatRecord>;
  /** Stores why nothing is proposed for a message. No-op if that is stored already, or the chat is gone. */
  noteNoProposal(chatId: ChatId, note: { answers: MessageId; why: ProposalFailure }): Promise<void>;
  /** Everything up to now is read. `changed` false: nothing was unread. @throws {AppError} `chat_not_found` */
  markRead(chatId: ChatId): Promise<{ chat: ChatRecord; changed: boolean }>;
}

export function createChatStore(context: StoreContext): ChatStore {
  const { items, events, now, newId } = context;

  const upsert = (told: Contact, { mayMerge = true } = {}) => {
    const contact = storableContact(told);
    return events.commit<{ chatId: ChatId; created: boolean } | 'merge'>(async () => {
      const peer = await findPeer(items, contact.waIds);
      if (peer.same.length > 0 && mayMerge) return { changes: [], events: [], result: 'merge' };
      const chat = peer.home
        ? withIds(withContact(peer.home, contact), peer)
        : newChat({ ...contact, waIds: peer.told }, { id: newId(), now: instant(now()), primary: contact.waIds[0] });
      const result = { chatId: chat.id, created: !peer.home };
      const ids = peerWrites(peer, chat.id);
      const same = peer.home && JSON.stringify(peer.home) === JSON.stringify(chatRecordSchema.parse(chat));
      if (same && ids.changes.length === 0) return { changes: [], events: [], result };
      return {
        changes: [putChat(chat, peer.home ? undefined : 'absent'), ...ids.changes],
        events: [{ type: 'chat.updated', ids: { chatId: chat.id } }, ...ids.events],
        result,
      };
    });
  };

  return {
    async page({ cursor, limit }) {
      const below = cursor === undefined ? undefined : decodeChatCursor(cursor);
      const found = await items.queryChatsByActivity({ below, limit: limit + 1 }, storedChatSchema);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(last && found.length > limit && { next: encodeChatCursor(activityOf(last)) }) };
    },
    get: (chatId) => readChat(items, chatId),
    require: (chatId) => requireChat(items, chatId),
    resolvePeer: async (waIds) => (await findPeer(items, waIds)).home?.id,
    async upsertContact(contact) {
      const done = await upsert(contact);
      if (done !== 'merge') return done;
      await mergeTold(context, contact.waIds);
      const again = await upsert(contact, { mayMerge: false });
      if (again === 'merge') throw new Error('Asked to merge again');
      return again;
    },
    merge: (chatIds) => events.commit(() => decideMerge(context, chatIds)),
    rejoin: (chatId, otherId) => events.commit(() => decideRejoin(context, { chatId, otherId })),
    unmerge: (chatId, mergedId) => events.commit(() => decideUnmerge(items, { chatId, mergedId })),
    setAssistantMode: (chatId, mode) =>
      events.commit(async () => {
        const chat = await requireChat(items, chatId);
        if (chat.assistantMode === mode) return { changes: [], events: [], result: chat };
        const changed: ChatRecord = { ...chat, assistantMode: mode };
        const ended = mode === 'off' ? await superseded(items, chat.id) : { changes: [], events: [] };
        return {
          changes: [putChat(changed), ...ended.changes],
          events: [{ type: 'chat.updated', ids: { chatId: chat.id } }, ...ended.events],
          result: changed,
        };
      }),
    noteNoProposal: (chatId, { answers, why }) =>
      events.commit(async () => {
        const chat = await readChat(items, chatId);
        if (!chat || (chat.noProposal?.answers === answers && chat.noProposal.why === why))
          return { changes: [], events: [], result: undefined };
        return {
          changes: [putChat({ ...chat, noProposal: { answers, why, at: instant(now()) } })],
          events: [{ type: 'chat.updated', ids: { chatId: chat.id } }],
          result: undefined,
        };
      }),
    markRead: (chatId) =>
      events.commit<{ chat: ChatRecord; changed: boolean }>(async () => {
        const chat = await requireChat(items, chatId);
        if (chat.unread === 0) return { changes: [], events: [], result: { chat, changed: false } };
        const read: ChatRecord = { ...chat, unread: 0 };
        return {
          changes: [putChat(read)],
          events: [{ type: 'chat.updated', ids: { chatId: chat.id } }],
          result: { chat: read, changed: true },
        };
      }),
  };
}
