import { describe, expect, it } from 'vitest';
import { createChatKeys } from './chat-keys.ts';

const number = '5511988887777@c.us';
const hidden = '99887766554433@lid';
const other = '5511977776666@c.us';

function keysOf() {
  const retired: [string, string][] = [];
  return { keys: createChatKeys({ onRetired: (...keys) => retired.push(keys) }), retired };
}

describe('keys of chats', () => {
  it('are the first id that was asked for, and stay it', () => {
    const { keys, retired } = keysOf();
    expect(keys.keyOf(hidden)).toBe(hidden);
    keys.join([number, hidden]);
    expect([keys.keyOf(number), keys.keyOf(hidden)]).toEqual([hidden, hidden]);
    expect(retired).toEqual([]);
  });

  it('of ids that nobody has asked for are the first of them', () => {
    const { keys } = keysOf();
    keys.join([number, hidden]);
    expect([keys.keyOf(hidden), keys.keyOf(number)]).toEqual([number, number]);
    keys.join([]);
    expect(keys.keyOf(other)).toBe(other);
  });

  it('that turn out to be one person’s become one, and the other is told to be retired', () => {
    const { keys, retired } = keysOf();
    keys.keyOf(hidden);
    keys.keyOf(number);
    keys.keyOf(other);
    keys.join([number, hidden]);
    expect(retired).toEqual([[hidden, number]]);
    expect([keys.keyOf(number), keys.keyOf(hidden), keys.keyOf(other)]).toEqual([number, number, other]);
    keys.join([other, hidden]);
    expect(retired.at(-1)).toEqual([number, other]);
    expect(keys.keyOf(number)).toBe(other);
  });
});
