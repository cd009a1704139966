import { describe, expect, it } from 'vitest';
import type { UserEvent } from '@top-active/core/contracts';
import { createHints } from './hints.ts';
import { logger } from '../logs/log.ts';
import type { ConnectionRecord } from '../stores/connections.ts';

/** One open page. Its connection is read when the test lets it, and pushes of `failing` fail. */
function setUp({ failing = 0 }: { failing?: number } = {}) {
  const pushed: number[] = [];
  const reads: PromiseWithResolvers<ConnectionRecord[]>[] = [];
  const hints = createHints({
    connections: {
      list: () => {
        const read = Promise.withResolvers<ConnectionRecord[]>();
        reads.push(read);
        return read.promise;
      },
      remove: () => Promise.resolve(),
    },
    realtime: {
      push: (_, frame) => {
        const seq = frame.type === 'hint' ? frame.event.seq : 0;
        if (seq === failing) return Promise.reject(new Error('Connection reset'));
        pushed.push(seq);
        return Promise.resolve('sent');
      },
      disconnect: () => Promise.resolve(),
    },
    log: { ...logger, warn: () => undefined },
    wait: true,
  });
  const open = { connectionId: 'one', sessionId: 's1', connectedAt: '2026-11-25T12:00:00.000Z' };
  return { hints, pushed, reads, answer: (read: number) => reads[read]?.resolve([open]) };
}

function eventOf(seq: number): UserEvent {
  return { type: 'profile.updated', ids: {}, seq, at: '2026-11-25T12:00:00.000Z' };
}

describe('hints of a burst', () => {
  it('that come while others are on their way go together, in order, and whoever waits for them waits', async () => {
    const { hints, pushed, reads, answer } = setUp();
    const first = hints.push([eventOf(1)]);
    await expect.poll(() => reads.length).toBe(1);
    const others = [2, 3, 4].map((seq) => hints.push([eventOf(seq)]));
    answer(0);
    await first;
    expect(pushed).toEqual([1]);
    await expect.poll(() => reads.length).toBe(2);
    answer(1);
    await Promise.all(others);
    expect(pushed).toEqual([1, 2, 3, 4]);
    expect(reads).toHaveLength(2);
  });

  it('are not lost to one that fails', async () => {
    const { hints, pushed, reads, answer } = setUp({ failing: 1 });
    const push = hints.push([eventOf(1), eventOf(2)]);
    await expect.poll(() => reads.length).toBe(1);
    answer(0);
    await push;
    expect(pushed).toEqual([2]);
  });
});
