import type { ChatId, Message, MessageId, NewUserEvent } from '@top-active/core/contracts';
import {
  advances,
  isOfSecond,
  messageId,
  nextOrder,
  orderOf,
  ordersOfSecond,
  safeStanzaId,
} from '@top-active/core/domain';
import { z } from 'zod';
import type { Draft } from '../event-log.ts';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { newChat, partsOf, putChat, withAmended, withContact, withMessage } from './chat-record.ts';
import type { ChatRecord, Contact } from './chats.ts';
import { commandRecordSchema, endOfCommand, type Changes } from './command-record.ts';
import { findMessage, putMessage, putStanza } from './message-record.ts';
import type { IncomingMessage, MessageRecord } from './messages.ts';
import { findPeer, peerWrites, withIds } from './peers.ts';
import { instant, type StoreContext } from './store-context.ts';
import { superseded } from './suggestion-record.ts';

export interface RecordedMessage {
  stored: boolean;
  chatId: ChatId;
  messageId: MessageId;
  /** Of the message as it is stored, now or before. */
  missedSince?: string | undefined;
}

type Context = Pick<StoreContext, 'items' | 'now' | 'newId'>;

const idSchema = z.object({ id: z.string() });

/**
 * Decides what a message from WhatsApp changes. See `MessageStore.recordMessage`. `merge`: nothing yet, since several chats turn out to be one
 * peer's and are to be merged first.
 */
export async function decideRecord(
  context: Context,
  input: { chat: Contact; message: IncomingMessage; missedSince?: string | undefined; mayMerge?: boolean },
): Promise<Draft<RecordedMessage | 'merge'>> {
  const { items, now, newId } = context;
  const incoming = { ...input.message, stanzaId: safeStanzaId(input.message.stanzaId) };
  const peer = await findPeer(items, input.chat.waIds);
  if (peer.same.length > 0 && (input.mayMerge ?? true)) return { ...nothing(), result: 'merge' };
  for (const met of peer.home ? [peer.home, ...peer.others] : peer.others) {
    const known = await findMessage(items, partsOf(met), incoming);
    if (known) return linkKnown(context, { chat: met, known, incoming });
  }

  const at = instant(now());
  const chat =
    peer.home ??
    newChat({ ...input.chat, waIds: peer.told, unread: 0 }, { id: newId(), now: at, primary: input.chat.waIds[0] });
  const order = await orderFor(items, chat, incoming.sentAt);
  const part = peer.part ?? chat.id;
  const message = toRecord(incoming, { chatId: part, order, storedAt: at, missedSince: input.missedSince });
  // WhatsApp's own unread count, where given, already includes this message: it comes last.
  const told = withContact(withMessage(chat, message), input.chat);
  const next = peer.home ? withIds(told, peer) : told;

  const overtaken: Changes = message.author === 'assistant' ? nothing() : await superseded(items, chat.id, message.id);
  const ended = await endSend(context, message);
  const ids = peerWrites(peer, chat.id);
  const changes: Write[] = [
    putMessage(message, 'absent'),
    putStanza(message),
    putChat(next, peer.home ? undefined : 'absent'),
    ...ids.changes,
    ...overtaken.changes,
    ...ended.changes,
  ];
  const stored = { chatId: chat.id, messageId: message.id };
  const events: NewUserEvent[] = [
    { type: 'message.stored', ids: stored },
    ...ids.events,
    ...overtaken.events,
    ...ended.events,
  ];
  return { changes, events, result: { stored: true, ...stored, ...missed(message) } };
}

/** A message that is told again takes what is new: the command that sent it, ticks, a changed text, that it was revoked. */
async function linkKnown(
  context: Context,
  { chat, known, incoming }: { chat: ChatRecord; known: MessageRecord; incoming: IncomingMessage },
): Promise<Draft<RecordedMessage>> {
  const ids = { chatId: chat.id, messageId: known.id };
  const result = asKnown(chat, known);
  const message = withNews(known, incoming);
  if (message === known) return { ...nothing(), result };
  const ended = message.commandId === known.commandId ? nothing() : await endSend(context, message);
  return {
    changes: [
      putMessage(message, 'present'),
      ...(chat.lastMessage?.id === known.id ? [putChat(withAmended(chat, message))] : []),
      ...ended.changes,
    ],
    events: [{ type: 'message.updated', ids }, ...ended.events],
    result,
  };
}

export function asKnown(chat: ChatRecord, known: MessageRecord): RecordedMessage {
  return { stored: false, chatId: chat.id, messageId: known.id, ...missed(known) };
}

/** The same object when there is nothing new. */
export function withNews(known: MessageRecord, incoming: IncomingMessage): MessageRecord {
  const { commandId, author, delivery, kind, text, edited } = incoming;
  let message = known;
  if (commandId !== undefined && known.commandId === undefined) message = { ...message, commandId, author };
  if (advances(known.delivery, delivery)) message = { ...message, delivery };
  if (known.kind === 'revoked') return message;
  if (kind === 'revoked') return { ...message, kind, text: '' };
  return edited === true && text !== known.text ? { ...message, text, edited } : message;
}

/** Behind everything that arrived earlier in the same second, also when later seconds are there already. */
async function orderFor(items: ItemStore, chat: ChatRecord, second: number): Promise<string> {
  const { lastOrder } = chat;
  if (lastOrder === '' || lastOrder < ordersOfSecond(second).first) return nextOrder(second, undefined);
  if (isOfSecond(lastOrder, second)) return nextOrder(second, lastOrder);
  const { first, last } = ordersOfSecond(second);
  const range = { from: first, to: `${last}~`, descending: true, limit: 1 };
  const found = await Promise.all(
    partsOf(chat).map((part) => items.query({ ...range, prefix: keys.messagesOf(part) }, idSchema)),
  );
  const newest = found.flatMap(([message]) => (message ? [orderOf(message.id)] : [])).toSorted();
  return nextOrder(second, newest.at(-1));
}

function toRecord(
  incoming: IncomingMessage,
  {
    chatId,
    order,
    storedAt,
    missedSince,
  }: { chatId: ChatId; order: string; storedAt: string; missedSince: string | undefined },
): MessageRecord {
  const { waId, stanzaId, direction, author, kind, text, sentAt, delivery, commandId, edited = false } = incoming;
  return {
    id: messageId(order, stanzaId),
    chatId,
    author,
    kind,
    text,
    sentAt: instant(sentAt * 1000),
    storedAt,
    delivery,
    edited,
    commandId,
    waId,
    stanzaId,
    direction,
    reconciled: missedSince !== undefined,
    missedSince,
  };
}

function missed({ missedSince }: MessageRecord): Pick<RecordedMessage, 'missedSince'> {
  return missedSince === undefined ? {} : { missedSince };
}

/** The send command that became this message has ended. */
async function endSend({ items, now }: Context, message: Message): Promise<Changes> {
  if (message.commandId === undefined) return nothing();
  const command = await items.get(keys.command(message.commandId), commandRecordSchema);
  const outcome = { state: 'SENT', messageId: message.id } as const;
  return (command && (await endOfCommand(items, command, { outcome, now: now() }))) ?? nothing();
}

function nothing(): Changes {
  return { changes: [], events: [] };
}
