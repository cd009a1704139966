import type { Reaction } from '@top-active/core/contracts';
import { expect, it } from 'vitest';
import { compareReactions, noteTold, type KnownReactions, type ReactionEvent } from './compare-reactions.ts';

const at = '2026-11-30T12:00:00.000Z';
const later = '2026-11-30T12:01:00.000Z';
const message = { peer: '5511988887777@c.us', stanzaId: '3EB0', fromMe: true };
const like: Reaction = { author: 'customer', senderId: '5511988887777@c.us', emoji: '👍', at };
const ours: Reaction = { author: 'owner', senderId: '5511999990000@c.us', emoji: '❤️', at };

const eventOf = (reaction: ReactionEvent['reaction']): ReactionEvent => ({ type: 'reaction', ...message, reaction });

function news(known: KnownReactions | string, reactions: Reaction[]) {
  return compareReactions(known, [{ ...message, reactions }], later).news;
}
const after = (reactions: Reaction[]) => compareReactions(new Map(), [{ ...message, reactions }], at).next;

it('tells what was given, changed and taken back, of each person alone', () => {
  expect(news(new Map(), [like])).toEqual([eventOf(like)]);
  expect(news(after([like, ours]), [{ ...like, emoji: '🙏' }, ours])).toEqual([eventOf({ ...like, emoji: '🙏' })]);
  expect(news(after([like, ours]), [ours])).toEqual([eventOf({ ...like, emoji: '', at: later })]);
  expect(news(after([like]), [like])).toEqual([]);
});

it('takes nothing for news that was there before the page was caught up with, or that the library has told', () => {
  expect(news(later, [like])).toEqual([]);
  expect(news(at, [like])).toEqual([eventOf(like)]);
  const told = (known: KnownReactions, reaction: ReactionEvent['reaction']) =>
    noteTold(known, eventOf(reaction)) ?? new Map();
  expect(news(told(new Map(), like), [like])).toEqual([]);
  expect(news(told(after([like]), { ...like, emoji: '' }), [])).toEqual([]);
  expect(noteTold(undefined, eventOf(like))).toBeUndefined();
});

it('remembers no more than the newest', () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...message, stanzaId: String(i), reactions: [like] }));
  const { next } = compareReactions(later, many, at);
  expect([next.size, next.has('out 99'), next.has('out 0')]).toEqual([64, true, false]);
});
