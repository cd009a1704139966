import type { Reaction } from '@top-active/core/contracts';
import { z } from 'zod';
import { clip, clipped, maxNameLength } from './clip.ts';
import { instantOf } from './read-time.ts';
import { readKey } from './read-key.ts';
import { readWid } from './read-wid.ts';

const maxReactions = 200;
const maxEmojiLength = 64;

const givenSchema = z.object({
  emoji: z.string(),
  senderId: z.unknown(),
  senderName: z.string().optional().catch(undefined),
  fromMe: z.boolean(),
  /** Epoch milliseconds. */
  at: z.number(),
});

/** One for each person, in the order of their times. */
export function readReactions(given: readonly unknown[]): Reaction[] {
  const read = given.slice(0, maxReactions).flatMap((reaction) => readReaction(reaction) ?? []);
  const latest = new Map(
    read.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map((reaction) => [reaction.senderId, reaction]),
  );
  return [...latest.values()].filter(({ emoji }) => emoji !== '').toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** With an empty `emoji` when it was taken back. */
function readReaction(given: unknown): Reaction | undefined {
  const { data } = givenSchema.safeParse(given);
  const senderId = readWid(data?.senderId);
  const at = instantOf(data && data.at / 1000);
  if (!data || senderId === undefined || at === undefined) return undefined;
  const senderName = clipped(data.senderName, maxNameLength);
  return {
    author: data.fromMe ? 'owner' : 'customer',
    senderId,
    ...(senderName !== undefined && { senderName }),
    emoji: clip(data.emoji, maxEmojiLength),
    at,
  };
}

const liveSchema = z.object({
  id: z.unknown(),
  msgId: z.unknown(),
  senderId: z.unknown(),
  reaction: z.string().optional().catch(undefined),
  /** Epoch seconds. */
  timestamp: z.number().optional().catch(undefined),
});

/**
 * What the library tells of a reaction: https://docs.wwebjs.dev/Reaction.html. Which message, and the reaction to it.
 */
export function readLiveReaction(
  told: unknown,
  arrivedAt = Date.now(),
): { peer: string; stanzaId: string; fromMe: boolean; reaction: Reaction } | undefined {
  const { data } = liveSchema.safeParse(told);
  const key = readKey(data?.id);
  const parent = readKey(data?.msgId, { from: key?.peer, to: key?.peer });
  if (!data || !parent) return undefined;
  const fromMe = key?.fromMe ?? false;
  const reaction = readReaction({
    emoji: data.reaction ?? '',
    senderId: readWid(data.senderId) ?? key?.participant ?? parent.peer,
    fromMe,
    at: data.timestamp === undefined ? arrivedAt : data.timestamp * 1000,
  });
  return reaction && { peer: parent.peer, stanzaId: parent.stanzaId, fromMe: parent.fromMe, reaction };
}
