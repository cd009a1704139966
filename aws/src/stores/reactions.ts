import type { Reaction } from '@top-active/core/contracts';
import { canonicalWaId } from '@top-active/core/domain';
import type { ReactionChange } from './incoming-message.ts';
import type { MessageRecord } from './message-schema.ts';
import { maxReactions } from './storable-content.ts';

type Reacted = Pick<MessageRecord, 'reactions' | 'takenBack'>;

/** The same object when nothing changes: of each person the latest reaction counts, in whatever order they are told. */
export function withReaction<T extends Reacted>(message: T, change: ReactionChange, isGroup: boolean): T {
  const who = whoReacted(change, isGroup);
  const isTheirs = (one: Reaction) => whoReacted(one, isGroup) === who;
  const { reactions = [], takenBack = [] } = message;
  const known = reactions.find(isTheirs);
  const latest = known?.at ?? takenBack.find((one) => one.who === who)?.at ?? '';
  const isKnown = (known?.emoji ?? '') === change.emoji;
  if (change.at < latest || isKnown) return message;
  const others = reactions.filter((one) => !isTheirs(one));
  const rest = takenBack.filter((one) => one.who !== who);
  const { emoji, ...by } = change;
  return {
    ...message,
    reactions: emoji === '' ? others : [...others, { ...by, emoji }].toSorted(byTime).slice(-maxReactions),
    takenBack: emoji === '' ? [...rest, { who, at: change.at }].slice(-maxReactions) : rest,
  };
}

/**
 * All reactions as WhatsApp tells them at once: what isn't among them was taken back. The same object when nothing
 * changes.
 */
export function withReactions<T extends Reacted>(message: T, told: readonly Reaction[], isGroup: boolean): T {
  const names = new Set(told.map((one) => whoReacted(one, isGroup)));
  const left = (message.reactions ?? []).filter((one) => names.has(whoReacted(one, isGroup)));
  const isAll = left.length === (message.reactions?.length ?? 0);
  const kept: T = isAll ? message : { ...message, reactions: left };
  return told.reduce((changed: T, one) => withReaction(changed, one, isGroup), kept);
}

/** In a chat of two, each side is one person, whatever their ids are. */
function whoReacted({ author, senderId }: Pick<Reaction, 'author' | 'senderId'>, isGroup: boolean): string {
  return isGroup && author === 'customer' ? canonicalWaId(senderId) : author;
}

function byTime(a: Reaction, b: Reaction): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}
