import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { busyTicksOf, coresUsedByOthers, readMachineTime } from './machine-time.ts';

describe('the time of the machine', () => {
  it('is what its cores did, without waiting', () => {
    expect(busyTicksOf('cpu  100 10 50 9000 800 1 2 3 77 0')).toBe(166);
  });

  it('is told from that of others', () => {
    const from = { atMs: 0, busyMs: 1_000, ownMs: 400 };
    expect(coresUsedByOthers(from, { atMs: 1_000, busyMs: 2_900, ownMs: 1_800 })).toBe(0.5);
    expect(coresUsedByOthers(from, { atMs: 1_000, busyMs: 2_000, ownMs: 1_500 })).toBe(0);
  });

  it.runIf(process.platform === 'linux')('counts what was started and has ended', () => {
    const before = readMachineTime();
    spawnSync(process.execPath, ['-e', 'const until = Date.now() + 200; while (Date.now() < until);']);
    const after = readMachineTime();
    expect(after.ownMs - before.ownMs).toBeGreaterThanOrEqual(50);
    expect(after.busyMs - before.busyMs).toBeGreaterThanOrEqual(50);
  });
});
