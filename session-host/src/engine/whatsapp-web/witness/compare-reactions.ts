import type { Reaction } from '@top-active/core/contracts';
import type { EngineEvent } from '../../engine.ts';

export type ReactionEvent = Extract<EngineEvent, { type: 'reaction' }>;

/** A message with all its reactions as they are now. */
export interface Reacted {
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  reactions: readonly Reaction[];
}

/** By direction and stanza id, oldest first. */
export type KnownReactions = ReadonlyMap<string, Reacted>;

const remembered = 64;

/** Of one message, whichever id of its chat it is told under. */
function keyOf({ stanzaId, fromMe }: Pick<Reacted, 'stanzaId' | 'fromMe'>): string {
  return `${fromMe ? 'out' : 'in'} ${stanzaId}`;
}

/**
 * What changed since `known`, as events: given, changed, and taken back at `at`, an ISO instant. Messages that were not
 * seen this time stay as they were.
 * @param known where nothing was seen before, since when reactions are news, as an ISO instant
 */
export function compareReactions(
  known: KnownReactions | string,
  seen: readonly Reacted[],
  at: string,
): { next: KnownReactions; news: ReactionEvent[] } {
  const before =
    typeof known === 'string'
      ? noteAll(
          new Map(),
          seen.map((message) => until(message, known)),
        )
      : known;
  const news = seen.flatMap((message) => newsOf(before.get(keyOf(message)), message, at));
  return { next: noteAll(before, seen), news };
}

function until(message: Reacted, since: string): Reacted {
  return { ...message, reactions: message.reactions.filter((reaction) => reaction.at < since) };
}

function newsOf(before: Reacted | undefined, now: Reacted, at: string): ReactionEvent[] {
  const { peer, stanzaId, fromMe } = now;
  const told = before?.reactions ?? [];
  const isTold = ({ senderId, emoji }: Reaction) =>
    told.some((one) => one.senderId === senderId && one.emoji === emoji);
  const given = now.reactions.filter((reaction) => !isTold(reaction));
  const taken = told
    .filter(({ senderId }) => !now.reactions.some((one) => one.senderId === senderId))
    .map((reaction) => ({ ...reaction, emoji: '', at }));
  return [...given, ...taken].map((reaction) => ({ type: 'reaction', peer, stanzaId, fromMe, reaction }));
}

/** The library has told of one: it is no news any more. */
export function noteTold(
  known: KnownReactions | undefined,
  { peer, stanzaId, fromMe, reaction }: ReactionEvent,
): KnownReactions | undefined {
  if (!known) return known;
  const before = known.get(keyOf({ stanzaId, fromMe }))?.reactions ?? [];
  const others = before.filter(({ senderId }) => senderId !== reaction.senderId);
  const reactions = reaction.emoji === '' ? others : [...others, reaction];
  return noteAll(known, [{ peer, stanzaId, fromMe, reactions }]);
}

function noteAll(known: KnownReactions, seen: readonly Reacted[]): KnownReactions {
  const next = new Map(known);
  for (const message of seen) {
    next.delete(keyOf(message));
    next.set(keyOf(message), message);
  }
  for (const [oldest] of next) {
    if (next.size <= remembered) break;
    next.delete(oldest);
  }
  return next;
}
