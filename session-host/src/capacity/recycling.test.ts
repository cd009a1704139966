import { describe, expect, it } from 'vitest';
import { chooseRecycling, type SessionFacts } from './recycling.ts';

const mib = 2 ** 20;
const hour = 3_600_000;
const limits = {
  sessionMemoryBytes: 1_000 * mib,
  hostMemoryBytes: 4_096 * mib,
  recycleAfterMs: 24 * hour,
  settledAfterMs: hour / 6,
  usedBytes: 2_000 * mib,
};

function aSession(session: string, parts: Partial<SessionFacts<string>> = {}): SessionFacts<string> {
  return {
    session,
    memoryBytes: 300 * mib,
    runningForMs: hour,
    sinceRecycledMs: Infinity,
    quietForMs: hour,
    isBusy: false,
    localHour: 15,
    ...parts,
  };
}

describe('recycling', () => {
  it('leaves alone what is neither large nor old', () => {
    expect(chooseRecycling([aSession('a'), aSession('b', { localHour: 3 })], limits)).toBeUndefined();
  });

  it('takes a session over its limit at any hour, also in the midst of work, the largest first', () => {
    const sessions = [
      aSession('a', { memoryBytes: 1_001 * mib, isBusy: true }),
      aSession('b', { memoryBytes: 1_500 * mib, quietForMs: 0 }),
    ];
    expect(chooseRecycling(sessions, limits)).toEqual({ session: 'b', reason: 'over_limit' });
  });

  it('leaves a session over its limit that was begun anew for it within the hour: it needs so much', () => {
    const large = { memoryBytes: 1_500 * mib };
    expect(chooseRecycling([aSession('a', { ...large, sinceRecycledMs: hour / 2 })], limits)).toBeUndefined();
    expect(chooseRecycling([aSession('a', { ...large, runningForMs: 60_000 })], limits)).toBeUndefined();
    const later = aSession('a', { ...large, sinceRecycledMs: hour });
    expect(chooseRecycling([later], limits)).toEqual({ session: 'a', reason: 'over_limit' });
  });

  it('takes the largest where the host is nearly full, but none that has only just begun', () => {
    const full = { ...limits, usedBytes: 3_700 * mib };
    const sessions = [aSession('new', { memoryBytes: 900 * mib, runningForMs: 60_000 }), aSession('a')];
    expect(chooseRecycling(sessions, full)).toEqual({ session: 'a', reason: 'host_pressure' });
    expect(chooseRecycling(sessions, { ...full, hostMemoryBytes: undefined })).toBeUndefined();
  });

  it("takes what has grown or is old in its owner's night, when nobody writes", () => {
    const grown = { memoryBytes: 700 * mib };
    const old = { runningForMs: 25 * hour };
    expect(chooseRecycling([aSession('a', grown), aSession('b', old)], limits)).toBeUndefined();
    const night = [aSession('b', { ...old, localHour: 2 }), aSession('a', { ...grown, localHour: 4 })];
    expect(chooseRecycling(night, limits)).toEqual({ session: 'a', reason: 'grown' });
    expect(chooseRecycling(night.slice(0, 1), limits)).toEqual({ session: 'b', reason: 'old' });
  });

  it.each([
    ['at 5 in the morning', { localHour: 5 }],
    ['when a message came a minute ago', { quietForMs: 60_000 }],
    ['while something is to be sent', { isBusy: true }],
    ['again right after it was', { runningForMs: 60_000 }],
  ])('begins nothing anew for its size %s', (_, parts) => {
    expect(
      chooseRecycling([aSession('a', { memoryBytes: 700 * mib, localHour: 3, ...parts })], limits),
    ).toBeUndefined();
  });
});
