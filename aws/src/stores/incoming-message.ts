import type {
  ChatId,
  CommandId,
  DeliveryState,
  Message,
  MessageContent,
  MessageKind,
  QuotedMessage,
  Reaction,
} from '@top-active/core/contracts';
import type { Direction } from './message-schema.ts';

/** A message as WhatsApp tells of it. What is ill-formed in it is stored as far as it can be. */
export interface IncomingMessage {
  waId: string;
  /** Unique within chat and direction. */
  stanzaId: string;
  direction: Direction;
  author: Message['author'];
  kind: MessageKind;
  text: string;
  /** Epoch seconds, as WhatsApp counts. */
  sentAt: number;
  delivery: DeliveryState;
  /** The text isn't the one that was sent first. */
  edited?: boolean | undefined;
  /** The command that sent it: it becomes SENT in the same write, and its suggestion `sent`. */
  commandId?: CommandId | undefined;
  /** Of a deleted message: the stanza id that it had before. */
  replaces?: string | undefined;
  content?: IncomingContent | undefined;
}

/**
 * What a message is besides its text; the message that it answers is named as WhatsApp names it. `reactions` are all
 * that there are; without the field they are not told.
 */
export interface IncomingContent extends Omit<MessageContent, 'quoted'> {
  quoted?: (Omit<QuotedMessage, 'messageId'> & { stanzaId: string }) | undefined;
}

/** How WhatsApp names a message within a chat. */
export interface MessageRef {
  chatId: ChatId;
  stanzaId: string;
  direction: Direction;
}

/** A reaction, or that one was taken back: then `emoji` is empty. */
export type ReactionChange = Omit<Reaction, 'emoji'> & { emoji: string };
