import type { KnownHost } from '@top-active/core/domain';
import { describe, expect, it } from 'vitest';
import { createSeenHeartbeats } from './seen-heartbeats.ts';

const host: KnownHost = {
  hostId: 'a',
  instance: 'a1',
  beat: 1,
  ended: false,
  draining: false,
  released: [],
  version: 'v1',
  beganAt: 500,
  capacity: 10,
  sentAt: 500,
};

function seeing() {
  return createSeenHeartbeats({ silentAfterMs: 10_000 });
}

describe('heartbeats that were seen', () => {
  it('are unchanged since the answer that first showed them, and silent after a while', () => {
    const seen = seeing();
    expect(seen.unchangedFor(host, 5_000)).toBe(0);
    seen.saw([host], { answeredAt: 1_000 });
    seen.saw([host], { answeredAt: 4_000 });
    expect(seen.unchangedFor(host, 5_000)).toBe(4_000);
    expect([seen.isSilent(host, 10_999), seen.isSilent(host, 11_000)]).toEqual([false, true]);
    const next = { ...host, beat: 2 };
    seen.saw([next], { answeredAt: 12_000 });
    expect([seen.unchangedFor(next, 13_000), seen.unchangedFor(host, 13_000)]).toEqual([1_000, 0]);
  });

  it('show a host as settled that lives for a quarter of a minute, and not one that started anew', () => {
    const seen = seeing();
    expect(seen.isSettled(host, 60_000)).toBe(false);
    seen.saw([host], { answeredAt: 1_000 });
    seen.saw([{ ...host, beat: 2 }], { answeredAt: 9_000 });
    expect([seen.isSettled(host, 15_999), seen.isSettled(host, 16_000)]).toEqual([false, true]);
    seen.saw([{ ...host, instance: 'a2' }], { answeredAt: 17_000 });
    expect(seen.isSettled(host, 18_000)).toBe(false);
  });

  it('tell when the first host of a version began, whichever was seen first', () => {
    const seen = seeing();
    seen.saw([host, { ...host, hostId: 'b', beganAt: 300 }], { answeredAt: 1_000 });
    expect(seen.versionSince(host)).toBe(300);
    expect(seen.versionSince({ ...host, version: 'v2', beganAt: 900 })).toBe(900);
  });
});
