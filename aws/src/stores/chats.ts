import type { AssistantMode, Chat, ChatId, MessageId } from '@top-active/core/contracts';

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
