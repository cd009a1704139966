import type { ChatId, CommandId, DeliveryState, Message, MessageId, MessageKind } from '@top-active/core/contracts';
import type { Contact } from './chats.ts';

export type Direction = 'in' | 'out';

export interface MessageRecord extends Message {
  /** WhatsApp's whole message id, for the host to find it again. */
  waId: string;
  stanzaId: string;
  direction: Direction;
  /** Found by catching up rather than live: it was missed while nobody listened. */
  reconciled: boolean;
}

/** A message as WhatsApp tells of it. */
export interface IncomingMessage {
  waId: string;
  /** Letters and digits, unique within chat and direction. */
  stanzaId: string;
  direction: Direction;
  author: Message['author'];
  kind: MessageKind;
  text: string;
  /** Epoch seconds, as WhatsApp counts. */
  sentAt: number;
  delivery: DeliveryState;
  /** The command that sent it: it becomes SENT in the same write, and its suggestion `sent`. */
  commandId?: CommandId | undefined;
}

/** How WhatsApp names a message within a chat. */
export interface MessageRef {
  chatId: ChatId;
  stanzaId: string;
  direction: Direction;
}

export interface MessagePage {
  /** Ascending by id. */
  items: MessageRecord[];
  /** Cursors of the neighbouring pages, absent where there is nothing more. */
  before?: MessageId | undefined;
  after?: MessageId | undefined;
}

export interface MessageStore {
  /**
   * Stores a message once, however often and by however many it is told, and with it the chat (made on first
   * contact), its unread count, the end of a pending suggestion that the message overtakes, and the events.
   * `stored` false: it was known. A known message that is now told with its `commandId` gets it.
   */
  recordMessage(input: {
    chat: Contact;
    message: IncomingMessage;
    reconciled?: boolean | undefined;
  }): Promise<{ stored: boolean; chatId: ChatId; messageId: MessageId }>;
  /** Ticks only move forward. `found` false: no such message here (yet). */
  updateDelivery(input: MessageRef & { delivery: DeliveryState }): Promise<{ found: boolean; changed: boolean }>;
  editMessage(input: MessageRef & { text: string }): Promise<{ found: boolean; changed: boolean }>;
  revokeMessage(input: MessageRef): Promise<{ found: boolean; changed: boolean }>;
  /**
   * The newest page, or the one `before` or `after` a message. `limit` at most 100.
   * @throws {AppError} `chat_not_found`; `invalid_request` naming `before` or `after`
   */
  page(query: {
    chatId: ChatId;
    before?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<MessagePage>;
  get(chatId: ChatId, messageId: MessageId): Promise<MessageRecord | undefined>;
  find(ref: MessageRef): Promise<MessageRecord | undefined>;
}
