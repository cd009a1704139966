import type { Reaction } from '@top-active/core/contracts';

export interface ReactionGroup {
  emoji: string;
  /** Of those who reacted so, in the order of their reactions. */
  names: string[];
}

/** The reactions to one message, each emoji once, in the order in which it was first used. */
export function groupReactions(
  reactions: readonly Reaction[],
  nameOf: (reaction: Reaction) => string,
): ReactionGroup[] {
  const groups = new Map<string, string[]>();
  for (const reaction of reactions) {
    const names = groups.get(reaction.emoji);
    if (names) names.push(nameOf(reaction));
    else groups.set(reaction.emoji, [nameOf(reaction)]);
  }
  return [...groups].map(([emoji, names]) => ({ emoji, names }));
}
