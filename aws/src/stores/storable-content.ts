import {
  callSchema,
  contactCardSchema,
  fileFactsSchema,
  instantSchema,
  messageKindSchema,
  onPhoneSchema,
  placeSchema,
  pollSchema,
  reactionSchema,
  sendFailureSchema,
  senderSchema,
  type Poll,
  type Reaction,
} from '@top-active/core/contracts';
import { clipText, safeStanzaId } from '@top-active/core/domain';
import { z } from 'zod';
import { storedQuoteSchema, type StoredContent } from './stored-content.ts';
import type { IncomingContent, ReactionChange } from './incoming-message.ts';

/**
 * UTF-16 code units and entries. WhatsApp's own limits are lower; content is encrypted from phone to phone, so its
 * servers can't hold a changed client to them. With everything at its greatest a message stays below the 400 KB of an
 * item.
 */
const idLength = 64;
const nameLength = 100;
const wordsLength = 200;
const addressLength = 500;
const quoteLength = 300;
export const maxReactions = 100;
const maxTold = 1_000;
const maxContacts = 30;
const maxPhones = 5;
const maxOptions = 30;
/** Of a file that plays or a call: thirty years. DynamoDB takes no number of any size. */
const maxSeconds = 1_000_000_000;

/**
 * What the store can hold of a message's content, and the API can show: each field clipped, those that can't be read
 * left out.
 */
export function storableContent(content: IncomingContent | undefined, arrivedAt: string): StoredContent {
  if (typeof content !== 'object' || content === null) return {};
  const { sender, quoted, reactions, place, contacts, poll, file, call, plannedFor, onPhone, failure } = content;
  return {
    ...kept('sender', senderSchema, () => sender && senderOf(sender)),
    ...kept('quoted', storedQuoteSchema, () => quoted && quoteOf(quoted)),
    ...(Array.isArray(reactions) && { reactions: storableReactions(reactions, arrivedAt) }),
    ...kept('place', placeSchema, () => place && placeOf(place)),
    ...kept('contacts', z.array(contactCardSchema), () => contacts?.slice(0, maxContacts).flatMap(contactOf)),
    ...kept('poll', pollSchema, () => poll && storablePoll(poll)),
    ...kept('file', fileFactsSchema, () => file && fileOf(file)),
    ...kept('call', callSchema, () => call && { ...call, seconds: whole(call.seconds, maxSeconds) }),
    ...(content.viewOnce === true && { viewOnce: true }),
    // Whatever time it names: one that is planned must not be taken for one that was sent.
    ...(plannedFor !== undefined && { plannedFor: instantOr(plannedFor, arrivedAt) }),
    ...kept('onPhone', onPhoneSchema, () => onPhone && onPhoneOf(onPhone)),
    ...kept('failure', sendFailureSchema, () => failure),
  };
}

/** The newest of each list that is too long; those that aren't reactions are left out. */
function storableReactions(reactions: readonly unknown[], arrivedAt: string): Reaction[] {
  return reactions
    .slice(0, maxTold)
    .flatMap((reaction) => storableReaction(reaction, arrivedAt) ?? [])
    .toSorted((a, b) => compareTimes(a.at, b.at))
    .slice(-maxReactions);
}

/** Also of one that is taken back. Undefined when it can't be told whose it is. */
export function storableReactionChange(change: ReactionChange, arrivedAt: string): ReactionChange | undefined {
  const isTakenBack = clipText(change.emoji, idLength) === '';
  const read = storableReaction(isTakenBack ? { ...change, emoji: '-' } : change, arrivedAt);
  return read && (isTakenBack ? { ...read, emoji: '' } : read);
}

/** Undefined when it can't be told whose it is, or when it is none. */
function storableReaction(reaction: unknown, arrivedAt: string): Reaction | undefined {
  const { author, senderId, senderName, emoji, at } = looseSchema.safeParse(reaction).data ?? {};
  return reactionSchema.safeParse({
    author,
    senderId: clipText(senderId, idLength),
    senderName: optionalText(senderName, nameLength),
    emoji: clipText(emoji, idLength),
    at: instantOr(at, arrivedAt),
  }).data;
}

/** Undefined when it is none. */
export function storablePoll(poll: unknown): Poll | undefined {
  const { question, options, multiple } = looseSchema.safeParse(poll).data ?? {};
  const read = Array.isArray(options) ? options.slice(0, maxOptions).map(optionOf) : [];
  // A count beside none would be taken for the result.
  const areKnown = read.every(({ votes }) => votes !== undefined);
  return pollSchema.safeParse({
    question: clipText(question, addressLength),
    options: areKnown ? read : read.map(({ text }) => ({ text })),
    multiple: Boolean(multiple),
  }).data;
}

function optionOf(option: unknown) {
  const { text, votes } = looseSchema.safeParse(option).data ?? {};
  return { text: clipText(text, wordsLength), votes: whole(votes, 1e9) };
}

const looseSchema = z.looseObject({});

/** Nothing where the page told something of another form. */
function kept<K extends keyof StoredContent>(
  key: K,
  schema: z.ZodType,
  read: () => unknown,
): Pick<StoredContent, K> | object {
  const { data } = schema.safeParse(attempt(read));
  return data === undefined ? {} : { [key]: data };
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function senderOf({ id, name, phone }: NonNullable<IncomingContent['sender']>) {
  return {
    id: clipText(id, idLength),
    name: optionalText(name, nameLength),
    phone: optionalText(phone, idLength),
  };
}

function quoteOf({ stanzaId, author, senderName, kind, text }: NonNullable<IncomingContent['quoted']>) {
  return {
    ...(clipText(stanzaId, wordsLength) !== '' && { stanzaId: safeStanzaId(stanzaId) }),
    author,
    senderName: optionalText(senderName, nameLength),
    kind: messageKindSchema.safeParse(kind).data ?? 'other',
    text: kind === 'revoked' ? '' : clipText(text, quoteLength),
  };
}

function placeOf({ latitude, longitude, name, address, live }: NonNullable<IncomingContent['place']>) {
  return {
    latitude: degrees(latitude),
    longitude: degrees(longitude),
    name: optionalText(name, wordsLength),
    address: optionalText(address, addressLength),
    ...(live === true && { live }),
  };
}

/** Seven decimals are a centimetre. */
function degrees(value: unknown): number | undefined {
  return typeof value === 'number' ? Math.round(value * 1e7) / 1e7 : undefined;
}

function contactOf(card: unknown) {
  const { name, phones: told } = looseSchema.safeParse(card).data ?? {};
  const phones = Array.isArray(told) ? told.slice(0, maxPhones) : [];
  const read = contactCardSchema.safeParse({
    name: clipText(name, nameLength),
    phones: phones.map((phone) => clipText(phone, idLength)).filter((phone) => phone !== ''),
  });
  return read.success ? [read.data] : [];
}

function fileOf({ name, mimeType, bytes, seconds }: NonNullable<IncomingContent['file']>) {
  return {
    name: optionalText(name, quoteLength),
    mimeType: optionalText(mimeType, nameLength),
    bytes: whole(bytes, Number.MAX_SAFE_INTEGER),
    seconds: thousandths(seconds),
  };
}

function onPhoneOf({ reason, type }: NonNullable<IncomingContent['onPhone']>) {
  return { reason, type: optionalText(type, idLength) };
}

function optionalText(text: unknown, maxLength: number): string | undefined {
  return clipText(text, maxLength) || undefined;
}

function whole(value: unknown, max: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= max ? Math.floor(value) : undefined;
}

function thousandths(value: unknown): number | undefined {
  const isLength = typeof value === 'number' && value >= 0 && value <= maxSeconds;
  return isLength ? Math.round(value * 1000) / 1000 : undefined;
}

function instantOr(value: unknown, otherwise: string): string {
  return instantSchema.safeParse(value).data ?? otherwise;
}

function compareTimes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
