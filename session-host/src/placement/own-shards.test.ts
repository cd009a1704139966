import { describe, expect, it } from 'vitest';
import { createOwnShards } from './own-shards.ts';

describe('shards of an instance', () => {
  it('are held from when they are taken until they are released, under their epoch', () => {
    const own = createOwnShards();
    expect(own.took([{ shard: 3, epoch: 7 }])).toEqual([3]);
    expect([...own.held]).toEqual([[3, 7]]);
    own.leave(3);
    own.leave(4);
    expect([...own.leaving]).toEqual([3]);
    own.release(3);
    expect([own.held.size, own.leaving.size]).toEqual([0, 0]);
  });

  it('are not taken by an answer from before they were released, nor twice', () => {
    const own = createOwnShards();
    own.took([{ shard: 3, epoch: 7 }]);
    expect(own.took([{ shard: 3, epoch: 8 }])).toEqual([]);
    own.release(3);
    expect(own.took([{ shard: 3, epoch: 7 }])).toEqual([]);
    expect(own.isNews({ shard: 3, epoch: 8 })).toBe(true);
    expect(own.took([{ shard: 3, epoch: 8 }])).toEqual([3]);
  });

  it('are told as released until somebody holds them under a later epoch', () => {
    const own = createOwnShards();
    own.took([{ shard: 3, epoch: 7 }]);
    own.release(3);
    own.release(4);
    own.noteEpoch({ shard: 3, epoch: 7 });
    own.noteEpoch({ shard: 4, epoch: 9 });
    expect(own.released).toEqual([{ shard: 3, epoch: 7 }]);
    own.noteEpoch({ shard: 3, epoch: 8 });
    expect(own.released).toEqual([]);
  });

  it('that it was given without its knowledge can be refused, like one that it held', () => {
    const own = createOwnShards();
    own.refuse({ shard: 5, epoch: 2 });
    expect(own.released).toEqual([{ shard: 5, epoch: 2 }]);
    expect(own.isNews({ shard: 5, epoch: 2 })).toBe(false);
  });
});
