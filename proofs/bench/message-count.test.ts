import { describe, expect, it } from 'vitest';
import { createMessageCount } from './message-count.ts';

describe('a count of messages', () => {
  it('ends with the last one, and tells when the newest was taken', async () => {
    const messages = createMessageCount(3);
    const taken = messages.taken(60_000);
    for (const at of [1_000, 3_000, 2_000]) messages.add(at);
    expect(await taken).toEqual({ count: 3, lastAt: 3_000 });
  });

  it('ends when the time is up, with what has come', async () => {
    const messages = createMessageCount(2);
    messages.add(1_000);
    expect(await messages.taken(1)).toEqual({ count: 1, lastAt: 1_000 });
  });
});
