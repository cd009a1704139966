import type { Reaction } from '@top-active/core/contracts';
import { z } from 'zod';
import { clipped, maxNameLength } from './clip.ts';
import { readReactions } from './read-reactions.ts';
import type { Vote } from './read-poll.ts';
import { phoneOf, readWid } from './read-wid.ts';

/** In a group of a thousand, of which everybody votes. */
const maxVotes = 2_000;

const text = z.string().optional().catch(undefined);
const list = z.array(z.unknown()).optional().catch(undefined);

const addedSchema = z.object({
  sender: z.object({ name: text, phone: z.unknown() }).optional().catch(undefined),
  quoted: z
    .object({ fromMe: z.boolean().optional().catch(undefined), name: text, text })
    .optional()
    .catch(undefined),
  reactions: list,
  votes: list,
});

const voteSchema = z.object({ voter: z.unknown(), options: z.array(z.number()).max(100) });

interface Added {
  sender: { name: string | undefined; phone: string | undefined } | undefined;
  quoted: { fromMe?: boolean | undefined; name: string | undefined; text?: string | undefined } | undefined;
  /** Undefined: not known. */
  reactions: Reaction[] | undefined;
  /** Undefined: not known. */
  votes: Vote[] | undefined;
}

/**
 * What this app's functions in the page have added to a message's data: see `page/repairs/enrich-message.ts` and
 * `page/add-details.ts`.
 */
export function readAdded(added: unknown): Added {
  const { sender, quoted, reactions, votes } = addedSchema.catch({}).parse(added ?? {});
  return {
    sender: sender && { name: clipped(sender.name, maxNameLength), phone: phoneOf(readWid(sender.phone) ?? '') },
    quoted: quoted && { ...quoted, name: clipped(quoted.name, maxNameLength) },
    reactions: reactions && readReactions(reactions),
    votes: votes?.slice(0, maxVotes).flatMap(readVote),
  };
}

function readVote(vote: unknown): Vote[] {
  const { data } = voteSchema.safeParse(vote);
  const voter = readWid(data?.voter);
  return data && voter !== undefined ? [{ voter, options: data.options }] : [];
}
