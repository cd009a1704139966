import { stopAfterMs, takeOverAfterMs, type Heartbeat } from '@top-active/core/domain';
import { describe, expect, it } from 'vitest';
import { createLeaseRules, type Look } from './lease-rules.ts';

const open = () => createLeaseRules({ hostId: 'us', instance: 'now', shards: 2 });
const theirs: Heartbeat = { hostId: 'them', instance: 'i', beat: 3, sentAt: 0, ended: false };
const look = (at: number, heartbeat = theirs): Look => ({
  leases: [{ shard: 1, hostId: 'them', instance: 'i', epoch: 7 }],
  heartbeats: [heartbeat],
  askedAt: at,
  answeredAt: at + 1,
});

describe('a term', () => {
  it('counts from when its newest acknowledged heartbeat was sent', () => {
    const rules = open();
    expect(rules.isValid(0)).toBe(false);
    rules.acknowledged(100, 900);
    expect([rules.isValid(99 + stopAfterMs), rules.isValid(100 + stopAfterMs)]).toEqual([true, false]);
    rules.acknowledged(5_000, 5_001);
    rules.acknowledged(4_000, 5_002);
    expect(rules.isValid(4_999 + stopAfterMs)).toBe(true);
  });

  it('is not brought back by an acknowledgement that comes too late', () => {
    const rules = open();
    rules.acknowledged(0, 1);
    rules.acknowledged(stopAfterMs - 1, stopAfterMs + 1);
    expect(rules.isValid(stopAfterMs + 2)).toBe(false);
  });
});

describe('what may be taken', () => {
  it('is what nobody holds, at once, and what a silent host holds, when it was silent for long enough', () => {
    const rules = open();
    rules.saw(look(0));
    expect(rules.wanted(look(0))).toEqual([{ shard: 0 }]);
    expect(rules.wanted(look(takeOverAfterMs))).toEqual([{ shard: 0 }]);
    const { hostId, instance, beat } = theirs;
    expect(rules.wanted(look(takeOverAfterMs + 1))).toEqual([
      { shard: 0 },
      { shard: 1, seen: { hostId, instance, beat } },
    ]);
  });

  it('is nothing of a host that was heard of in between', () => {
    const rules = open();
    rules.saw(look(0));
    const heard = look(takeOverAfterMs, { ...theirs, beat: 4 });
    rules.saw(heard);
    expect(rules.wanted(look(2 * takeOverAfterMs, { ...theirs, beat: 4 }))).toEqual([{ shard: 0 }]);
  });

  it('is at once what a host held that has ended, or that has begun anew', () => {
    const rules = open();
    for (const gone of [
      { ...theirs, ended: true },
      { ...theirs, instance: 'j' },
    ]) {
      rules.saw(look(0, gone));
      expect(rules.wanted(look(1, gone))).toEqual([{ shard: 0 }, { shard: 1 }]);
    }
  });
});
