import { describe, expect, it } from 'vitest';
import { decideRestart, type DeathRecord } from './restart-policy.ts';

const passing = [
  'browser_died',
  'page_crashed',
  'page_unresponsive',
  'start_timeout',
  'conflict',
  'host_fault',
  'page_outdated',
  'unknown',
] as const satisfies DeathRecord['cause'][];

describe('restart policy', () => {
  it('takes a dead browser up again at once, then ever later', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((count) =>
      decideRestart({ cause: 'browser_died', count, linked: true }, 0.5),
    );
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16000].map((delayMs) => ({ again: true, delayMs })));
  });

  it.each(passing)('never gives up a linked session for what may pass: %s', (cause) => {
    for (const count of [7, 100, 10_000])
      expect(decideRestart({ cause, count, linked: true }, 0.5)).toEqual({ again: true, delayMs: 300_000 });
  });

  it.each(['connection_lost', 'unreachable'] as const)('asks every minute whether the network is back: %s', (cause) => {
    expect(decideRestart({ cause, count: 100, linked: true }, 0.5)).toEqual({ again: true, delayMs: 60_000 });
  });

  it.each([
    ['browser_died', 'browser_died'],
    ['page_crashed', 'browser_died'],
    ['page_unresponsive', 'browser_died'],
    ['host_fault', 'browser_died'],
    ['start_timeout', 'start_timeout'],
    ['connection_lost', 'unknown'],
    ['conflict', 'unknown'],
    ['page_outdated', 'engine_incompatible'],
    ['unknown', 'unknown'],
  ] as const)('gives up an attempt to link after the quick tries: %s ends as %s', (cause, failure) => {
    expect(decideRestart({ cause, count: 6, linked: false }, 0.5)).toMatchObject({ again: true });
    expect(decideRestart({ cause, count: 7, linked: false }, 0.5)).toEqual({ again: false, failure });
  });

  it('waits some minutes for the network while somebody wants to link, and then says that there is none', () => {
    const decisions = Array.from({ length: 12 }, (_, i) =>
      decideRestart({ cause: 'unreachable', count: i + 1, linked: false }, 0.5),
    );
    const waited = decisions.reduce((sum, decision) => sum + (decision.again ? decision.delayMs : 0), 0);
    expect(waited).toBe(331_500);
    expect(decisions.at(-1)).toEqual({ again: false, failure: 'unreachable' });
  });

  it('never tries again what WhatsApp has banned, and refused ones once', () => {
    expect(decideRestart({ cause: 'banned', count: 1, linked: true }, 0.5)).toEqual({
      again: false,
      failure: 'banned',
    });
    expect(decideRestart({ cause: 'refused', count: 1, linked: true }, 0.5)).toMatchObject({ again: true });
    expect(decideRestart({ cause: 'refused', count: 2, linked: true }, 0.5)).toEqual({
      again: false,
      failure: 'refused',
    });
  });

  it('says plainly what was found of an engine that no longer fits WhatsApp Web, even of a linked session', () => {
    expect(decideRestart({ cause: 'engine_incompatible', count: 1, linked: true }, 0.5)).toEqual({
      again: false,
      failure: 'engine_incompatible',
    });
  });
});
