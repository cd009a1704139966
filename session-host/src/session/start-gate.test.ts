import { describe, expect, it } from 'vitest';
import { createStartGate } from './start-gate.ts';

describe('start gate', () => {
  it('lets so many in at once, the others in their order, and forgives leaving twice', async () => {
    const gate = createStartGate({ width: 2, jitterMs: 0 });
    const entered: number[] = [];
    const entries = [0, 1, 2, 3].map(async (index) => {
      const entry = await gate.enter();
      entered.push(index);
      return entry;
    });
    const first = await entries[0];
    await entries[1];
    expect(entered).toEqual([0, 1]);
    first?.leave();
    first?.leave();
    await entries[2];
    expect(entered).toEqual([0, 1, 2]);
    (await entries[1])?.leave();
    await entries[3];
    expect(entered).toEqual([0, 1, 2, 3]);
  });
});
