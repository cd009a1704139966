import { z } from 'zod';
import { parseRawMessage, rawOf } from './raw-message.ts';
import type { Vote } from './read-poll.ts';
import { readWid } from './read-wid.ts';

export interface LiveVote extends Vote {
  /** The poll's data as the page has them. */
  poll: unknown;
}

const maxChosen = 100;

const liveSchema = z.object({
  voter: z.unknown(),
  selectedOptions: z.array(z.object({ localId: z.number() })).max(maxChosen),
  parentMessage: z.unknown(),
});

/**
 * What the library tells of a vote: https://docs.wwebjs.dev/PollVote.html. It replaces all earlier ones of its voter.
 */
export function readLiveVote(told: unknown): LiveVote | undefined {
  const { data } = liveSchema.safeParse(told);
  const voter = readWid(data?.voter);
  const poll = rawOf(data?.parentMessage);
  if (!data || voter === undefined || poll === undefined || poll === null) return undefined;
  return { voter, options: data.selectedOptions.map(({ localId }) => localId), poll };
}

/**
 * The poll's data with this vote as the last one: the page's table may not have it yet. Where that could not be read,
 * the others' votes are not known, and this one alone would be taken for all.
 */
export function withVote(poll: unknown, { voter, options }: Vote): unknown {
  const topActive = addedTo(poll);
  const { votes } = topActive;
  return Array.isArray(votes)
    ? { ...Object(poll), topActive: { ...topActive, votes: [...votes, { voter, options }] } }
    : poll;
}

/** A message as it is when it arrives: nobody has voted on a poll yet, and WhatsApp reports each later vote. */
export function asNewlyReceived(raw: unknown): unknown {
  return parseRawMessage(raw)?.type === 'poll_creation'
    ? { ...Object(raw), topActive: { votes: [], ...addedTo(raw) } }
    : raw;
}

function addedTo(raw: unknown): Record<string, unknown> {
  return { ...parseRawMessage(raw)?.topActive };
}
