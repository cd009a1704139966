import { describe, expect, it } from 'vitest';
import {
  canTakeShard,
  hasLaterOwner,
  heartbeatEveryMs,
  isFresh,
  isHeld,
  isLaterTerm,
  isSame,
  killAfterMs,
  nextEpoch,
  stopAfterMs,
  takeOverAfterMs,
  type Heartbeat,
  type ReleasedTerm,
  type ShardLease,
} from './leases.ts';

const noon = Date.UTC(2030, 0, 1, 12);
const lease: ShardLease = { shard: 3, hostId: 'host', instance: 'first', epoch: 7 };

function heartbeat(change: Partial<Heartbeat> = {}): Heartbeat {
  const facts = { hostId: 'host', instance: 'first', beat: 40, sentAt: noon };
  return { ...facts, ended: false, draining: false, released: [], ...change };
}

it('a host stops, and what runs for it is gone, before others take over', () => {
  expect(2 * heartbeatEveryMs).toBeLessThanOrEqual(stopAfterMs);
  expect(stopAfterMs).toBeLessThan(killAfterMs);
  expect(killAfterMs * 1.2).toBeLessThan(takeOverAfterMs);
});

describe('a shard', () => {
  it('is held by the instance that took it, also while that hands over what it holds', () => {
    expect(isHeld(lease, heartbeat())).toBe(true);
    expect(isHeld(lease, heartbeat({ draining: true }))).toBe(true);
  });

  it.each<[string, ShardLease | undefined, Heartbeat | undefined]>([
    ['nobody ever took it', undefined, heartbeat()],
    ['its holder never gave a heartbeat', lease, undefined],
    ['its holder has ended', lease, heartbeat({ ended: true })],
    ['a later instance of its holder has begun', lease, heartbeat({ instance: 'second' })],
  ])('is free when %s', (_when, held, holder) => {
    expect(isHeld(held, holder)).toBe(false);
    expect(canTakeShard({ lease: held, holder, seen: undefined, now: noon })).toBe(true);
  });

  it.each<[string, ReleasedTerm]>([
    ['this term', { shard: 3, epoch: 7 }],
    ['a later term', { shard: 3, epoch: 8 }],
  ])('is free once its holder has released %s', (_what, released) => {
    expect(isHeld(lease, heartbeat({ released: [{ shard: 9, epoch: 1 }, released] }))).toBe(false);
  });

  it.each<[string, ReleasedTerm]>([
    ['an earlier term', { shard: 3, epoch: 6 }],
    ['another shard', { shard: 4, epoch: 7 }],
  ])('stays held when its holder has released %s', (_what, released) => {
    expect(isHeld(lease, heartbeat({ released: [released] }))).toBe(true);
  });

  it('goes to another when its holder is silent by the clocks of giver and taker, and not before', () => {
    const holder = heartbeat();
    const silent = noon + takeOverAfterMs;
    expect(canTakeShard({ lease, holder, seen: holder, now: silent })).toBe(true);
    expect(canTakeShard({ lease, holder, seen: holder, now: silent - 1 })).toBe(false);
    expect(canTakeShard({ lease, holder, seen: undefined, now: silent })).toBe(false);
    expect(canTakeShard({ lease, holder, seen: { ...holder, beat: 39 }, now: silent })).toBe(false);
  });
});

describe('a heartbeat', () => {
  it('is fresh for as long as nobody may take over, by a clock that may go ahead or behind', () => {
    expect(isFresh(heartbeat(), noon)).toBe(true);
    expect(isFresh(heartbeat(), noon + takeOverAfterMs - 1)).toBe(true);
    expect(isFresh(heartbeat(), noon + takeOverAfterMs)).toBe(false);
    expect(isFresh(heartbeat(), noon - takeOverAfterMs + 1)).toBe(true);
    expect(isFresh(heartbeat(), noon - takeOverAfterMs)).toBe(false);
  });

  it('of a host that has ended is not fresh', () => {
    expect(isFresh(heartbeat({ ended: true }), noon)).toBe(false);
  });

  it('is the same only where host, instance and beat are', () => {
    expect(isSame(heartbeat(), heartbeat({ sentAt: 0 }))).toBe(true);
    for (const other of [{ hostId: 'other' }, { instance: 'second' }, { beat: 41 }])
      expect(isSame(heartbeat(), heartbeat(other))).toBe(false);
  });
});

describe('a term', () => {
  it('may take over the claims of earlier terms, and of none', () => {
    expect([undefined, 6, 7, 8].map((claimed) => isLaterTerm(7, claimed))).toEqual([true, true, false, false]);
  });

  it('has lost the user to a later one, and not to itself', () => {
    expect([undefined, 6, 7, 8].map((owner) => hasLaterOwner(7, owner))).toEqual([false, false, false, true]);
  });

  it('is later than the last one, and than all that a lost table may have known', () => {
    const now = 1_900_000_000_999;
    expect(nextEpoch(undefined, now)).toBe(1_900_000_000);
    expect(nextEpoch(7, now)).toBe(1_900_000_000);
    expect(nextEpoch(1_900_000_000, now)).toBe(1_900_000_001);
    expect(nextEpoch(1_900_000_005, now)).toBe(1_900_000_006);
    expect(nextEpoch(undefined, 0)).toBe(1);
  });
});
