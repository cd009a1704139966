import { describe, expect, it } from 'vitest';
import { readInTurn } from './read-in-turn.ts';

/** Readings that end when they are told to, and what they have read. */
function aReading() {
  const begun: PromiseWithResolvers<void>[] = [];
  const ask = readInTurn(() => {
    const one = Promise.withResolvers<void>();
    begun.push(one);
    return one.promise;
  });
  return { ask, begun };
}

describe('readInTurn', () => {
  it('lets who asks meanwhile have one that begins after they asked, all of them the same', async () => {
    const { ask, begun } = aReading();
    const first = ask();
    let later = 0;
    const others = [ask(), ask(), ask()].map((asked) => asked.then(() => (later += 1)));
    expect(begun).toHaveLength(1);
    begun[0]?.resolve();
    await first;
    await expect.poll(() => begun.length).toBe(2);
    expect(later).toBe(0);
    begun[1]?.resolve();
    await Promise.all(others);
    expect([begun.length, later]).toEqual([2, 3]);
  });

  it('never reads twice at once, whenever it is asked', async () => {
    let atOnce = 0;
    let reads = 0;
    const ask = readInTurn(async () => {
      atOnce += 1;
      reads += 1;
      expect(atOnce).toBe(1);
      for (let turns = 0; turns < 3; turns += 1) await Promise.resolve();
      atOnce -= 1;
    });
    const asked: Promise<void>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      asked.push(ask());
      await Promise.resolve();
    }
    await Promise.all(asked);
    expect(reads).toBeGreaterThan(1);
  });

  it('goes on after a failure, which only who asked for it hears of', async () => {
    const { ask, begun } = aReading();
    const first = ask();
    const second = ask();
    begun[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve();
    await second;
  });
});
