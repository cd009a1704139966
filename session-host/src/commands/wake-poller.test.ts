import type { Log, WakeReceiver } from '@top-active/aws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTestClock } from './test-clock.ts';
import { pollWakes } from './wake-poller.ts';

type Received = Awaited<ReturnType<WakeReceiver['receive']>>;

beforeEach(() => useTestClock());
afterEach(() => vi.useRealTimers());

/** A queue that gives what it is told, one answer after the other, and then nothing for ever. */
function listen(...answers: (Received | Error)[]) {
  const over = new AbortController();
  const done: string[] = [];
  const woken: string[] = [];
  const warned: string[] = [];
  const asked: (AbortSignal | undefined)[] = [];
  const receiver: WakeReceiver = {
    receive({ signal } = {}) {
      asked.push(signal);
      const next = answers.shift();
      if (next instanceof Error) return Promise.reject(next);
      if (next) return Promise.resolve(next);
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    },
    done: async (receiptHandle) => void done.push(receiptHandle),
  };
  const note = (message: string) => void warned.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const polling = pollWakes({ receiver, onWake: (userId) => void woken.push(userId), log, signal: over.signal });
  return { over, done, woken, warned, asked, polling };
}

const wakeOf = (userId: string): Received[number] => ({
  wake: { type: 'wake', userId, commandId: 'command' },
  receiptHandle: `receipt of ${userId}`,
});

it('passes on whom to look at, and then lets the queue forget it', async () => {
  const { over, done, woken, warned, asked, polling } = listen([wakeOf('A'), wakeOf('B')], [wakeOf('C')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(woken).toEqual(['A', 'B', 'C']);
  expect(done).toEqual(['receipt of A', 'receipt of B', 'receipt of C']);
  expect(asked).toEqual([over.signal, over.signal, over.signal]);
  over.abort();
  await polling;
  // What ends because the host does is no failure.
  expect(warned).toEqual([]);
});

it('tries again two seconds after a queue that could not be read', async () => {
  const { over, woken, warned, asked, polling } = listen(new Error('cut off'), [wakeOf('A')]);
  await vi.advanceTimersByTimeAsync(1_999);
  expect([asked.length, warned]).toEqual([1, ['The wake queue could not be read']]);
  await vi.advanceTimersByTimeAsync(1);
  expect(woken).toEqual(['A']);
  over.abort();
  await polling;
});

it('ends at once while it waits for another try', async () => {
  const { over, asked, polling } = listen(new Error('cut off'));
  await vi.advanceTimersByTimeAsync(500);
  over.abort();
  await polling;
  expect(asked).toHaveLength(1);
});
