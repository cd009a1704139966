import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesIn, uselessIn } from './checkpoint-candidates.ts';
import { fileNameOf, type CheckpointName } from './checkpoint-name.ts';

const takenAt = '2030-01-01T00:00:00.000Z';
const nameOf = (epoch: number, base: number, generation: number): CheckpointName => ({ epoch, base, generation });
const told = (names: readonly CheckpointName[]) => names.map((name) => [name.epoch, name.base, name.generation]);

describe('checkpoints that may be opened', () => {
  it('are the last three of each chain, the newest first, whatever their order in the folder', () => {
    const all = [1, 2, 3, 4].map((generation) => nameOf(1, 1, generation)).concat(nameOf(2, 5, 6), nameOf(2, 5, 5));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(told(candidatesIn(shuffled, undefined).usable)).toEqual([
          [2, 5, 6],
          [2, 5, 5],
          [1, 1, 4],
          [1, 1, 3],
          [1, 1, 2],
        ]);
      }),
    );
  });

  it('are none of before the link, and those are counted', () => {
    const all = [nameOf(1, 1, 1), nameOf(1, 2, 2), nameOf(2, 3, 3)];
    const newest = { epoch: 2, generation: 3, takenAt, link: { epoch: 1, generation: 2 } };
    expect(told(candidatesIn(all, newest).usable)).toEqual([
      [2, 3, 3],
      [1, 2, 2],
    ]);
    expect(candidatesIn(all, newest).forgotten).toBe(1);
  });

  it('are none up to the one that was the newest when the session was forgotten', () => {
    const all = [nameOf(1, 1, 1), nameOf(1, 1, 2), nameOf(2, 3, 3)];
    expect(candidatesIn(all, { epoch: 1, generation: 2 })).toEqual({ usable: [nameOf(2, 3, 3)], forgotten: 2 });
  });
});

describe('checkpoints of no more use', () => {
  const chain = nameOf(3, 7, 0);
  const mine = [7, 8, 9].map((generation) => nameOf(3, 7, generation));
  const before = [nameOf(2, 4, 4), nameOf(2, 4, 5)];
  const older = [nameOf(1, 1, 1), nameOf(1, 2, 3)];
  const useless = (link?: { epoch: number; generation: number }) =>
    told(uselessIn([...older, ...before, ...mine], { chain, needed: new Set([7, 9]), link }));

  it('are those that the chain does not need, and all chains but the one before it', () => {
    expect(useless()).toEqual([...told(older), [3, 7, 8]]);
  });

  it('are all of earlier links', () => {
    expect(useless({ epoch: 3, generation: 7 })).toEqual([...told(older), ...told(before), [3, 7, 8]]);
  });

  it('have names that sort as they do', () => {
    expect([...older, ...before, ...mine].map(fileNameOf).toSorted()).toEqual(
      [...older, ...before, ...mine].map(fileNameOf),
    );
  });
});
