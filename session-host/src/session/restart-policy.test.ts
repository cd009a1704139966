import { describe, expect, it } from 'vitest';
import { decideRestart } from './restart-policy.ts';

describe('restart policy', () => {
  it('takes a dead browser up again at once, then ever later', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((count) =>
      decideRestart({ cause: 'browser_died', count, linked: true }, 0.5),
    );
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16000].map((delayMs) => ({ again: true, delayMs })));
  });

  it('never gives up a linked session for a fault that may pass', () => {
    for (const cause of ['browser_died', 'page_unresponsive', 'start_timeout', 'conflict', 'host_fault'] as const)
      expect(decideRestart({ cause, count: 100, linked: true }, 0.5)).toEqual({ again: true, delayMs: 300_000 });
    const unreached = decideRestart({ cause: 'connection_lost', count: 100, linked: true }, 0.5);
    expect(unreached).toEqual({ again: true, delayMs: 60_000 });
  });

  it('gives up an attempt to link when the browser keeps dying', () => {
    expect(decideRestart({ cause: 'page_crashed', count: 7, linked: false }, 0.5)).toEqual({
      again: false,
      failure: 'browser_died',
    });
  });

  it('never tries again what WhatsApp has banned', () => {
    expect(decideRestart({ cause: 'banned', count: 1, linked: true }, 0.5)).toEqual({
      again: false,
      failure: 'banned',
    });
  });

  it('says plainly that the engine no longer fits WhatsApp Web, even of a linked session', () => {
    expect(decideRestart({ cause: 'engine_incompatible', count: 3, linked: true }, 0.5)).toEqual({
      again: false,
      failure: 'engine_incompatible',
    });
  });
});
