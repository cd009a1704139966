import { z } from 'zod';
import { rawOf } from './raw-message.ts';
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

/** What the library tells of a vote: https://docs.wwebjs.dev/PollVote.html. It replaces all earlier ones of its voter. */
export function readLiveVote(told: unknown): LiveVote | undefined {
  const { data } = liveSchema.safeParse(told);
  const voter = readWid(data?.voter);
  const poll = rawOf(data?.parentMessage);
  if (!data || voter === undefined || poll === undefined || poll === null) return undefined;
  return { voter, options: data.selectedOptions.map(({ localId }) => localId), poll };
}

/** The poll's data with this vote as the last one: the page's table may not have it yet. */
export function withVote(poll: unknown, { voter, options }: Vote): unknown {
  const { topActive } = z
    .object({ topActive: z.record(z.string(), z.unknown()).catch({}) })
    .catch({ topActive: {} })
    .parse(poll);
  const votes = Array.isArray(topActive['votes']) ? topActive['votes'] : [];
  return { ...Object(poll), topActive: { ...topActive, votes: [...votes, { voter, options }] } };
}
