import { describe, expect, it } from 'vitest';
import { changedSince, isMissed, newestSecond, rangeOf } from './look-back.ts';

const second = 1_893_499_200;
const at = (seconds: number) => new Date((second + seconds) * 1000 + 999);
const gap = { since: at(0), until: at(300) };
const now = second + 300;

describe('the range of a chat’s messages that is asked for', () => {
  it('begins two minutes before the gap, and goes to twenty messages in any case', () => {
    const asked = { since: second - 120, atLeast: 20, atMost: 20_000 };
    expect(rangeOf({ gap, newest: undefined, history: false, now })).toEqual({ from: second - 120, asked });
  });

  it('begins a quarter of an hour earlier where something is stored, since that may have been edited', () => {
    const { from, asked } = rangeOf({ gap, newest: second - 60, history: false, now });
    expect([from, asked.since]).toEqual([second - 180, second - 180 - 900]);
  });

  it('begins before the newest message that is stored, if that is earlier than the gap', () => {
    expect(rangeOf({ gap, newest: second + 60, history: false, now }).from).toBe(second - 120);
    expect(rangeOf({ gap, newest: second - 3_600, history: true, now }).from).toBe(second - 3_720);
  });

  it('is history alone without a gap', () => {
    const { from, asked } = rangeOf({ gap: undefined, newest: undefined, history: true, now });
    expect([from, asked.since, asked.atLeast]).toEqual([now, now, 20]);
    expect(rangeOf({ gap: undefined, newest: second, history: true, now }).from).toBe(second - 120);
  });
});

it('a message was missed from two minutes before the gap until WhatsApp was asked', () => {
  const missed = (seconds: number) => isMissed({ sentAt: second + seconds }, gap);
  expect([missed(-121), missed(-120), missed(300), missed(301)]).toEqual([false, true, true, false]);
});

it('a chat may have changed since 17 minutes before the gap', () => {
  expect(changedSince(at(0))).toBe(second - 17 * 60);
});

it('the newest second of a chat is that of its last order', () => {
  expect(newestSecond({ lastOrder: `${second}007` })).toBe(second);
  expect([newestSecond({ lastOrder: '' }), newestSecond(undefined)]).toEqual([undefined, undefined]);
});
