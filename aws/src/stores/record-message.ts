import type { ChatId, Message, MessageId, NewUserEvent } from '@top-active/core/contracts';
import { isOfSecond, messageId, nextOrder, orderOf, ordersOfSecond } from '@top-active/core/domain';
import { z } from 'zod';
import type { Draft } from '../events/event-log.ts';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { orAbsent } from '../items/unreadable.ts';
import { newChat, partsOf, previewOf, putChat, withContact, withMessage } from './chat-record.ts';
import { commandRecordSchema, endOfCommand, type Changes } from './command-record.ts';
import { blankQuotes, updatedIn } from './deleted-message.ts';
import { isSentNow, withNews } from './message-news.ts';
import { deleteMessage, findMessage, putMessage, putStanza } from './message-record.ts';
import { findPeer, peerWrites, withIds, type Peer } from './peers.ts';
import { storableContact, storableMessage, type StorableMessage } from './storable-message.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import type { StoredQuote } from './stored-content.ts';
import { superseded, withdrawn } from './suggestion-record.ts';
import type { ChatRecord } from './chat-schema.ts';
import type { Contact } from './contact.ts';
import type { IncomingMessage } from './incoming-message.ts';
import type { MessageRecord } from './message-schema.ts';

export interface RecordedMessage {
  stored: boolean;
  chatId: ChatId;
  messageId: MessageId;
  /** Of the message as it is stored, now or before. */
  missedSince?: string | undefined;
  /** It says that something is missing beside it. */
  isBesideGap?: true | undefined;
}

type Context = Pick<StoreContext, 'items' | 'now' | 'newId' | 'hashName'>;

const idSchema = z.object({ id: z.string() });

/**
 * Decides what a message from WhatsApp changes. See `MessageStore.recordMessage`. `merge`: nothing yet, since several
 * chats turn out to be one peer's and are to be merged first.
 */
export async function decideRecord(
  context: Context,
  input: { chat: Contact; message: IncomingMessage; missedSince?: string | undefined; mayMerge?: boolean },
): Promise<Draft<RecordedMessage | 'merge'>> {
  const { items, now } = context;
  const contact = storableContact(input.chat);
  const incoming = storableMessage(input.message, { now: now(), peer: contact.waIds[0] });
  const peer = await findPeer(items, contact.waIds);
  if (peer.same.length > 0 && (input.mayMerge ?? true)) return { ...nothing(), result: 'merge' };
  for (const met of peer.home ? [peer.home, ...peer.others] : peer.others) {
    const told = await findToldAgain(items, met, incoming);
    if (!told) continue;
    const { known } = told;
    if (!isSentNow(known, incoming)) return linkKnown(context, { chat: met, ...told, incoming });
    // It moves to the time when it was sent, and counts as any other from then on.
    const place = { peer: { ...peer, home: met, part: known.chatId }, planned: known };
    return storeNew(context, { contact, incoming, missedSince: input.missedSince, ...place });
  }
  return storeNew(context, { contact, incoming, missedSince: input.missedSince, peer });
}

async function storeNew(
  context: Context,
  { contact, incoming, missedSince, peer, planned }: NewMessage,
): Promise<Draft<RecordedMessage>> {
  const { items, now, newId, hashName } = context;
  const at = instant(now());
  const chat =
    peer.home ??
    newChat({ ...contact, waIds: peer.told, unread: 0 }, { id: newId(), now: at, primary: contact.waIds[0] });
  const order = await orderFor(items, chat, incoming.sentAt);
  const part = peer.part ?? chat.id;
  // Of our own making: WhatsApp's ids stand in no key. The same message has the same tail in whatever chat it is told.
  const id = messageId(order, await hashName(`message ${incoming.direction} ${incoming.stanzaId}`));
  const record = toRecord(incoming, { id, chatId: part, storedAt: at, missedSince });
  const message = await withQuote(items, chat, record);
  // WhatsApp's own unread count, where given, already includes this message: it comes last.
  const told = withContact(withMessage(chat, message), contact);
  const next = peer.home ? withIds(told, peer) : told;

  const overtakes = message.author !== 'assistant' && message.plannedFor === undefined;
  const overtaken: Changes = overtakes ? await superseded(items, chat.id, message.id) : nothing();
  const ended = await endSend(context, message);
  const ids = peerWrites(peer, chat.id);
  const changes: Write[] = [
    putMessage(message, 'absent'),
    putStanza(message, message.stanzaId),
    // Under its earlier name it is the same one.
    ...(incoming.replaces === undefined ? [] : [putStanza(message, incoming.replaces)]),
    ...(planned ? [deleteMessage(planned)] : []),
    putChat(next, peer.home ? undefined : 'absent'),
    ...ids.changes,
    ...overtaken.changes,
    ...ended.changes,
  ];
  const stored = { chatId: chat.id, messageId: message.id };
  const events: NewUserEvent[] = [
    { type: 'message.stored', ids: stored },
    ...(planned ? [updatedIn(chat.id, planned)] : []),
    ...ids.events,
    ...overtaken.events,
    ...ended.events,
  ];
  return { changes, events, result: { stored: true, ...stored, ...missed(message) } };
}

interface NewMessage {
  contact: Contact;
  incoming: StorableMessage;
  missedSince: string | undefined;
  peer: Peer;
  /** What is stored of it from before it was sent. */
  planned?: MessageRecord | undefined;
}

interface ToldAgain {
  known: MessageRecord;
  /** A deleted message that was stored under its new name, beside the one that it replaces. */
  double?: MessageRecord | undefined;
}

/** WhatsApp gives a message that was deleted while nobody listened a new name, and tells the one before. */
async function findToldAgain(
  items: ItemStore,
  chat: ChatRecord,
  { direction, stanzaId, replaces }: StorableMessage,
): Promise<ToldAgain | undefined> {
  const known = await findMessage(items, partsOf(chat), { direction, stanzaId });
  const first =
    replaces === undefined ? undefined : await findMessage(items, partsOf(chat), { direction, stanzaId: replaces });
  if (known && first && known.id !== first.id) return { known: first, double: known };
  const one = first ?? known;
  return one && { known: one };
}

async function linkKnown(
  context: Context,
  { chat, known, double, incoming }: ToldAgain & { chat: ChatRecord; incoming: StorableMessage },
): Promise<Draft<RecordedMessage>> {
  const result = asKnown(chat, known);
  const message = withNews(known, await withQuoteOf(context.items, { chat, known, incoming }), chat);
  if (message === known && !double) return { ...nothing(), result };
  const ended = message.commandId === known.commandId ? nothing() : await endSend(context, message);
  const isDeleted = message.kind === 'revoked' && known.kind !== 'revoked';
  const quotes = isDeleted ? await blankQuotes(context.items, chat, known) : nothing();
  const overtaken = isDeleted ? await withdrawn(context.items, chat.id, known) : nothing();
  const isShown = chat.lastMessage?.id === known.id || chat.lastMessage?.id === double?.id;
  return {
    changes: [
      putMessage(message, 'present'),
      ...(incoming.replaces === undefined ? [] : [putStanza(message, incoming.stanzaId)]),
      ...(double ? [deleteMessage(double)] : []),
      ...(isShown ? [putChat({ ...chat, lastMessage: previewOf(message) })] : []),
      ...ended.changes,
      ...quotes.changes,
      ...overtaken.changes,
    ],
    events: [
      updatedIn(chat.id, message),
      ...(double ? [updatedIn(chat.id, double)] : []),
      ...ended.events,
      ...quotes.events,
      ...overtaken.events,
    ],
    result,
  };
}

/** The quote leads to the message that is stored here, and has no words of one that was deleted. */
async function withQuote<T extends { quoted?: StoredQuote | undefined }>(
  items: ItemStore,
  chat: ChatRecord,
  message: T,
): Promise<T> {
  const { quoted } = message;
  if (quoted?.stanzaId === undefined) return message;
  const direction = quoted.author === 'customer' ? 'in' : 'out';
  const found = await findMessage(items, partsOf(chat), { direction, stanzaId: quoted.stanzaId });
  if (!found) return message;
  const isDeleted = found.kind === 'revoked';
  return {
    ...message,
    quoted: { ...quoted, messageId: found.id, ...(isDeleted && { kind: 'revoked', text: '' }) },
  };
}

/** Only where the quote is news. */
async function withQuoteOf(
  items: ItemStore,
  { chat, known, incoming }: { chat: ChatRecord; known: MessageRecord; incoming: StorableMessage },
): Promise<StorableMessage> {
  if (known.quoted || !incoming.content.quoted) return incoming;
  return { ...incoming, content: await withQuote(items, chat, incoming.content) };
}

export function asKnown(chat: ChatRecord, known: MessageRecord): RecordedMessage {
  return { stored: false, chatId: chat.id, messageId: known.id, ...missed(known) };
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
  { replaces: _replaces, content, sentAt, ...facts }: StorableMessage,
  {
    id,
    chatId,
    storedAt,
    missedSince,
  }: { id: MessageId; chatId: ChatId; storedAt: string; missedSince: string | undefined },
): MessageRecord {
  return {
    ...facts,
    ...content,
    id,
    chatId,
    sentAt: instant(sentAt * 1000),
    storedAt,
    reconciled: missedSince !== undefined,
    missedSince,
  };
}

function missed({ missedSince, gap }: MessageRecord): Pick<RecordedMessage, 'missedSince' | 'isBesideGap'> {
  return { ...(missedSince !== undefined && { missedSince }), ...(gap?.incomplete && { isBesideGap: true }) };
}

/** The send command that became this message has ended. */
async function endSend({ items, now }: Context, message: Message): Promise<Changes> {
  if (message.commandId === undefined) return nothing();
  const command = await items.get(keys.command(message.commandId), orAbsent(commandRecordSchema));
  const outcome = { state: 'SENT', messageId: message.id } as const;
  return (command && (await endOfCommand(items, command, { outcome, now: now() }))) ?? nothing();
}

function nothing(): Changes {
  return { changes: [], events: [] };
}
