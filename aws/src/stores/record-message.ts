import type { ChatId, Message, MessageId, NewUserEvent } from '@top-active/core/contracts';
import { isOfSecond, messageId, nextOrder, orderOf, ordersOfSecond, safeStanzaId } from '@top-active/core/domain';
import { z } from 'zod';
import type { Draft } from '../event-log.ts';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { readChat } from './chat-access.ts';
import { newChat, putChat, withAmended, withContact, withMessage } from './chat-record.ts';
import type { ChatRecord, Contact } from './chats.ts';
import { commandRecordSchema, endOfCommand, type Changes } from './command-record.ts';
import { findMessage, putMessage, putStanza } from './message-record.ts';
import type { IncomingMessage, MessageRecord } from './messages.ts';
import { aliasWrites, findPeer } from './peers.ts';
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

/** Decides what a message from WhatsApp changes. See `MessageStore.recordMessage`. */
export async function decideRecord(
  context: Context,
  input: { chat: Contact; message: IncomingMessage; missedSince?: string | undefined },
): Promise<Draft<RecordedMessage>> {
  const { items, now, newId } = context;
  const incoming = { ...input.message, stanzaId: safeStanzaId(input.message.stanzaId) };
  const peer = await findPeer(items, input.chat.waIds);
  const known = await findInAny(items, peer.chatIds, incoming);
  if (known) return linkKnown(context, known, incoming);

  const existing = peer.chatId === undefined ? undefined : await readChat(items, peer.chatId);
  const at = instant(now());
  const chat = existing ?? newChat({ ...input.chat, unread: 0 }, { id: peer.chatId ?? newId(), now: at });
  const order = await orderFor(items, chat, incoming.sentAt);
  const message = toRecord(incoming, { chatId: chat.id, order, storedAt: at, missedSince: input.missedSince });
  // WhatsApp's own unread count, where given, already includes this message: it comes last.
  const next = withContact(withMessage(chat, message), input.chat);

  const overtaken: Changes = message.author === 'assistant' ? nothing() : await superseded(items, chat.id, message.id);
  const ended = await endSend(context, message);
  const changes: Write[] = [
    putMessage(message, 'absent'),
    putStanza(message),
    putChat(next, existing ? undefined : 'absent'),
    ...aliasWrites(peer.unknown, chat.id),
    ...overtaken.changes,
    ...ended.changes,
  ];
  const ids = { chatId: chat.id, messageId: message.id };
  const events: NewUserEvent[] = [{ type: 'message.stored', ids }, ...overtaken.events, ...ended.events];
  return { changes, events, result: { stored: true, ...ids, ...missed(message) } };
}

/** A message that is told again: only a command that we didn't know it belongs to is news. */
async function linkKnown(
  context: Context,
  known: MessageRecord,
  incoming: IncomingMessage,
): Promise<Draft<RecordedMessage>> {
  const ids = { chatId: known.chatId, messageId: known.id };
  const result = { stored: false, ...ids, ...missed(known) };
  if (incoming.commandId === undefined || known.commandId !== undefined) return { ...nothing(), result };
  const message: MessageRecord = { ...known, commandId: incoming.commandId, author: incoming.author };
  const chat = await readChat(context.items, known.chatId);
  const ended = await endSend(context, message);
  return {
    changes: [
      putMessage(message, 'present'),
      ...(chat?.lastMessage?.id === known.id ? [putChat(withAmended(chat, message))] : []),
      ...ended.changes,
    ],
    events: [{ type: 'message.updated', ids }, ...ended.events],
    result,
  };
}

async function findInAny(
  items: ItemStore,
  chatIds: readonly ChatId[],
  { stanzaId, direction }: IncomingMessage,
): Promise<MessageRecord | undefined> {
  const found = await Promise.all(chatIds.map((chatId) => findMessage(items, { chatId, stanzaId, direction })));
  return found.find((message) => message !== undefined);
}

/** Behind everything that arrived earlier in the same second, also when later seconds are there already. */
async function orderFor(items: ItemStore, { id, lastOrder }: ChatRecord, second: number): Promise<string> {
  if (lastOrder === '' || lastOrder < ordersOfSecond(second).first) return nextOrder(second, undefined);
  if (isOfSecond(lastOrder, second)) return nextOrder(second, lastOrder);
  const { first, last } = ordersOfSecond(second);
  const range = { prefix: keys.messagesOf(id), from: first, to: `${last}~`, descending: true, limit: 1 };
  const [newest] = await items.query(range, idSchema);
  return nextOrder(second, newest && orderOf(newest.id));
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
  const { waId, stanzaId, direction, author, kind, text, sentAt, delivery, commandId } = incoming;
  return {
    id: messageId(order, stanzaId),
    chatId,
    author,
    kind,
    text,
    sentAt: instant(sentAt * 1000),
    storedAt,
    delivery,
    edited: false,
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
