import type { AssistantMode, Chat, ChatId, MessageId } from '@top-active/core/contracts';
import { readChat, requireChat } from './chat-access.ts';
import { activityOf, chatRecordSchema, newChat, putChat, withContact } from './chat-record.ts';
import { decodeChatCursor, encodeChatCursor } from './chat-cursor.ts';
import { aliasWrites, findPeer } from './peers.ts';
import { instant, type StoreContext } from './store-context.ts';
import { superseded } from './suggestion-record.ts';

export interface ChatRecord extends Chat {
  /** Every WhatsApp id under which the peer was met, in canonical form. */
  waIds: string[];
  /** The id to send to: as WhatsApp wrote it last. */
  primaryWaId: string;
  /** First 13 digits of the newest message's id, or ''. */
  lastOrder: string;
  lastInboundId?: MessageId | undefined;
  lastOutboundId?: MessageId | undefined;
}

/** A peer as WhatsApp tells of it. */
export interface Contact {
  /** All ids that WhatsApp gives for this one peer (`5511…@c.us`, `…@lid`, `…@g.us`), the one to send to first. */
  waIds: readonly [string, ...string[]];
  name: string;
  /** International digits without plus. */
  phone?: string | undefined;
  isGroup: boolean;
  /** WhatsApp's own count of unread messages: replaces ours when given. */
  unread?: number | undefined;
}

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
  /** Makes the chat when new; otherwise takes over name, phone, ids and WhatsApp's unread count. Writes only what changed. */
  upsertContact(contact: Contact): Promise<{ chatId: ChatId; created: boolean }>;
  /** `off` also supersedes the chat's pending suggestion. @throws {AppError} `chat_not_found` */
  setAssistantMode(chatId: ChatId, mode: AssistantMode): Promise<ChatRecord>;
  /** Everything up to now is read. `changed` false: nothing was unread. @throws {AppError} `chat_not_found` */
  markRead(chatId: ChatId): Promise<{ chat: ChatRecord; changed: boolean }>;
}

export function createChatStore({ items, events, now, newId }: StoreContext): ChatStore {
  return {
    async page({ cursor, limit }) {
      const below = cursor === undefined ? undefined : decodeChatCursor(cursor);
      const found = await items.queryChatsByActivity({ below, limit: limit + 1 }, chatRecordSchema);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(last && found.length > limit && { next: encodeChatCursor(activityOf(last)) }) };
    },
    get: (chatId) => readChat(items, chatId),
    require: (chatId) => requireChat(items, chatId),
    resolvePeer: async (waIds) => (await findPeer(items, waIds)).chatId,
    upsertContact: (contact) =>
      events.commit(async () => {
        const peer = await findPeer(items, contact.waIds);
        const existing = peer.chatId === undefined ? undefined : await readChat(items, peer.chatId);
        const chat = existing
          ? withContact(existing, contact)
          : newChat(contact, { id: peer.chatId ?? newId(), now: instant(now()) });
        const result = { chatId: chat.id, created: !existing };
        const same = existing && JSON.stringify(existing) === JSON.stringify(chatRecordSchema.parse(chat));
        if (same && peer.unknown.length === 0) return { changes: [], events: [], result };
        return {
          changes: [putChat(chat, existing ? undefined : 'absent'), ...aliasWrites(peer.unknown, chat.id)],
          events: [{ type: 'chat.updated', ids: { chatId: chat.id } }],
          result,
        };
      }),
    setAssistantMode: (chatId, mode) =>
      events.commit(async () => {
        const chat = await requireChat(items, chatId);
        if (chat.assistantMode === mode) return { changes: [], events: [], result: chat };
        const changed: ChatRecord = { ...chat, assistantMode: mode };
        const ended = mode === 'off' ? await superseded(items, chatId) : { changes: [], events: [] };
        return {
          changes: [putChat(changed), ...ended.changes],
          events: [{ type: 'chat.updated', ids: { chatId } }, ...ended.events],
          result: changed,
        };
      }),
    markRead: (chatId) =>
      events.commit<{ chat: ChatRecord; changed: boolean }>(async () => {
        const chat = await requireChat(items, chatId);
        if (chat.unread === 0) return { changes: [], events: [], result: { chat, changed: false } };
        const read: ChatRecord = { ...chat, unread: 0 };
        return {
          changes: [putChat(read)],
          events: [{ type: 'chat.updated', ids: { chatId } }],
          result: { chat: read, changed: true },
        };
      }),
  };
}
