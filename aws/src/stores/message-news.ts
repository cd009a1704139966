import type { DeliveryState, Poll, SendFailure } from '@top-active/core/contracts';
import { advances } from '@top-active/core/domain';
import { deleted } from './deleted-message.ts';
import { withReactions } from './reactions.ts';
import type { StorableMessage } from './storable-message.ts';
import { instant } from '../items/instants.ts';
import type { StoredContent } from './stored-content.ts';
import type { MessageRecord } from './message-schema.ts';

/** Fields that never change, although they may become known later. */
const lasting = ['sender', 'quoted', 'place', 'contacts', 'file', 'call', 'viewOnce'] as const;

/**
 * A message that is told again takes what is new: the command that sent it, ticks, a changed text, what it is where
 * only the phone knew, its votes and reactions, that it was deleted; and all of it where what is stored is damaged. The
 * same object when there is nothing new.
 */
export function withNews(
  known: MessageRecord,
  incoming: StorableMessage,
  { isGroup }: { isGroup: boolean },
): MessageRecord {
  if (known.damaged) return withCommand(mended(known, incoming), incoming);
  const { delivery, content } = incoming;
  const ticked = withDelivery(withCommand(known, incoming), { delivery, failure: content.failure });
  if (known.kind === 'revoked') return ticked;
  if (incoming.kind === 'revoked') return deleted(ticked);
  const told = withWords(ticked, incoming);
  return withContent(told, content, isGroup);
}

/** It was scheduled on the phone, and WhatsApp now reports it as sent. */
export function isSentNow(known: MessageRecord, incoming: StorableMessage): boolean {
  return known.plannedFor !== undefined && incoming.content.plannedFor === undefined && incoming.kind !== 'revoked';
}

function mended(
  known: MessageRecord,
  { replaces: _replaces, content, sentAt, ...facts }: StorableMessage,
): MessageRecord {
  const { id, chatId, author, storedAt, gap, commandId, reconciled, missedSince } = known;
  const kept = { id, chatId, storedAt, gap, commandId, reconciled, missedSince };
  return {
    ...facts,
    ...content,
    ...kept,
    author: commandId === undefined ? facts.author : author,
    sentAt: instant(sentAt * 1000),
  };
}

function withCommand(message: MessageRecord, { commandId, author }: StorableMessage): MessageRecord {
  return commandId !== undefined && message.commandId === undefined ? { ...message, commandId, author } : message;
}

/** Ticks only move forward. The same object when they don't. */
export function withDelivery(
  message: MessageRecord,
  { delivery, failure }: { delivery: DeliveryState; failure: SendFailure | undefined },
): MessageRecord {
  if (advances(message.delivery, delivery))
    return { ...message, delivery, ...(delivery === 'failed' && failure !== undefined && { failure }) };
  const isLateReason = message.delivery === 'failed' && delivery === 'failed' && message.failure === undefined;
  return isLateReason && failure !== undefined ? { ...message, failure } : message;
}

function withWords(message: MessageRecord, { kind, text, edited, content }: StorableMessage): MessageRecord {
  if (message.onPhone && !content.onPhone) return { ...message, onPhone: undefined, kind, text, edited };
  // This version may know more kinds than the one that stored the message.
  const isNamed = kind !== message.kind && kind !== 'other';
  const named = isNamed ? { ...message, kind, text: message.text || text } : message;
  const isReplanned = message.plannedFor !== undefined && content.plannedFor !== undefined;
  if (isReplanned && text !== named.text) return { ...named, text };
  return edited && text !== named.text ? { ...named, text, edited } : named;
}

function withContent(message: MessageRecord, content: StoredContent, isGroup: boolean): MessageRecord {
  const learned = lasting.filter((key) => message[key] === undefined && content[key] !== undefined);
  const filled =
    learned.length > 0 ? { ...message, ...Object.fromEntries(learned.map((key) => [key, content[key]])) } : message;
  const planned =
    content.plannedFor !== undefined && message.plannedFor !== undefined && content.plannedFor !== message.plannedFor
      ? { ...filled, plannedFor: content.plannedFor }
      : filled;
  const voted = hasOtherVotes(planned, content) ? { ...planned, poll: content.poll } : planned;
  return content.reactions ? withReactions(voted, content.reactions, isGroup) : voted;
}

/** A poll told without any vote may be one whose votes WhatsApp hasn't loaded. */
function hasOtherVotes({ poll }: MessageRecord, told: StoredContent): boolean {
  if (!told.poll || JSON.stringify(told.poll) === JSON.stringify(poll)) return false;
  if (!poll || told.poll.options.some(({ votes = 0 }) => votes > 0)) return true;
  return areKnown(told.poll) && !areKnown(poll);
}

function areKnown({ options }: Poll): boolean {
  return options.every(({ votes }) => votes !== undefined);
}
