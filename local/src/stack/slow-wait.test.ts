import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slowSentence } from './show-steps.ts';
import { waitTelling, type SlowWait } from './slow-wait.ts';

let told: SlowWait[];
beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const telling = (what = () => 'Starting the emulators') => ({ what, limitMs: 60_000, onSlow: told.push.bind(told) });

describe('a wait that tells', () => {
  it('tells nothing of work that is done soon', async () => {
    const waited = waitTelling(() => new Promise((resolve) => setTimeout(resolve, 14_000, 'done')), telling());
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await waited).toBe('done');
    expect(told).toEqual([]);
  });

  it('tells every 15 s what is still waited for, and nothing more once it is done', async () => {
    let left = 2;
    const work = () => new Promise((resolve) => setTimeout(resolve, 40_000, 'done'));
    const waited = waitTelling(
      work,
      telling(() => `Loading ${left--} functions`),
    );
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await waited).toBe('done');
    expect(told).toEqual([
      { what: 'Loading 2 functions', forMs: 15_000, limitMs: 60_000 },
      { what: 'Loading 1 functions', forMs: 30_000, limitMs: 60_000 },
    ]);
  });

  it('tells nothing more once the work has failed', async () => {
    const waited = waitTelling(() => Promise.reject(new Error('No room')), telling());
    await expect(waited).rejects.toThrow('No room');
    await vi.advanceTimersByTimeAsync(100_000);
    expect(told).toEqual([]);
  });
});

it('is told in a sentence that names what is slow, and how long the start waits for it', () => {
  expect(slowSentence({ what: 'Loading the functions account, chats', forMs: 30_012, limitMs: 300_000 })).toBe(
    'Loading the functions account, chats: 30 s so far. This computer is busy; the start waits, at most 5 minutes.',
  );
  expect(slowSentence({ what: 'Starting the emulators', forMs: 15_000 })).toBe(
    'Starting the emulators: 15 s so far. This computer is busy; the start waits.',
  );
});
