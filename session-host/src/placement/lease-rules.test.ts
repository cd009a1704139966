import { stopAfterMs, takeOverAfterMs, type KnownHost } from '@top-active/core/domain';
import { describe, expect, it } from 'vitest';
import { createLeaseRules, type LeasesAnswer } from './lease-rules.ts';

const open = () => createLeaseRules({ hostId: 'us', instance: 'now', shards: 2 });
const theirs: KnownHost = {
  hostId: 'them',
  instance: 'i',
  beat: 3,
  sentAt: 0,
  ended: false,
  draining: false,
  released: [],
  capacity: 1,
  version: 'one',
  beganAt: 0,
};
const look = (at: number, heartbeat = theirs): LeasesAnswer => ({
  leases: [{ shard: 1, hostId: 'them', instance: 'i', epoch: 7 }],
  heartbeats: [heartbeat],
  askedAt: at,
  answeredAt: at + 1,
  // Nobody's heartbeat is fresh by the clock of the day: everything is our share.
  wall: 1_790_000_000_000,
});
const ours = { ...theirs, hostId: 'us', instance: 'now' };

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

describe('what was released', () => {
  const lookWith = (
    lease: { epoch: number; instance?: string; hostId?: string },
    at: number,
    released = [{ shard: 1, epoch: 5 }],
  ): LeasesAnswer => ({
    ...look(at),
    leases: [{ shard: 1, hostId: 'us', instance: 'now', ...lease }],
    heartbeats: [{ ...ours, released }, theirs],
  });

  function release() {
    const rules = open();
    rules.took([{ shard: 1, epoch: 5 }]);
    rules.leave(1);
    rules.release(1);
    return rules;
  }

  it('is told until somebody has taken it', () => {
    const rules = release();
    rules.saw(lookWith({ epoch: 5 }, 0));
    expect(rules.released).toEqual([{ shard: 1, epoch: 5 }]);
    rules.saw(lookWith({ epoch: 6, hostId: 'them', instance: 'i' }, 1));
    expect(rules.released).toEqual([]);
  });

  it('does not come back by an answer from before, but by one of a later term', () => {
    const rules = release();
    expect(rules.took([{ shard: 1, epoch: 5 }])).toEqual([]);
    expect(rules.held.size).toBe(0);
    expect(rules.took([{ shard: 1, epoch: 6 }])).toEqual([1]);
  });

  it('is nobody’s to ask for before it is stored', () => {
    const rules = release();
    const notStored = lookWith({ epoch: 5 }, 0, []);
    rules.saw(notStored);
    expect(rules.wanted(notStored)).toEqual([{ shard: 0 }]);
  });

  it('includes, when the host drains, what was given to it without its knowledge', () => {
    const rules = open();
    rules.drain();
    rules.saw(lookWith({ epoch: 7 }, 0, []));
    expect(rules.released).toEqual([{ shard: 1, epoch: 7 }]);
    expect(rules.took([{ shard: 1, epoch: 7 }])).toEqual([]);
  });
});

describe('a host that has taken what was meant for another', () => {
  const meant = { ...theirs, version: 'two', beganAt: 9 };
  const lookAt = (at: number, leases: LeasesAnswer['leases']): LeasesAnswer => ({
    ...look(at),
    wall: 0,
    leases,
    heartbeats: [ours, { ...meant, beat: at }],
  });

  it('waits for it for ten seconds, and gives nothing away for a minute', () => {
    const rules = open();
    const see = (at: number, leases: LeasesAnswer['leases'] = []) => {
      const seen = lookAt(at, leases);
      rules.saw(seen);
      return seen;
    };
    see(0);
    expect(rules.wanted(see(9_000))).toEqual([]);
    expect(rules.wanted(see(11_000))).toEqual([{ shard: 0 }, { shard: 1 }]);
    rules.took([0, 1].map((shard) => ({ shard, epoch: 1 })));
    const leases = [0, 1].map((shard) => ({ shard, hostId: 'us', instance: 'now', epoch: 1 }));
    expect(rules.surplus(see(70_000, leases))).toEqual([]);
    expect(rules.surplus(see(72_000, leases))).toEqual([0, 1]);
  });
});
