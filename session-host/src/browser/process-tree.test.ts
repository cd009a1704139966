import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBrowsers, killLeftOverBrowsers, readProcessTree, readPss } from './process-tree.ts';

function start(folder: string): ChildProcess {
  const args = ['-e', 'setInterval(() => {}, 1000)', '--', `--user-data-dir=${folder}/profile-1`];
  return spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
}

describe('browsers of this host', () => {
  it("are found by their profile, measured, and killed, and nobody else's are", async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'scratch-'));
    const ours = start(scratch);
    const theirs = start(`${scratch}-of-another`);
    try {
      await expect.poll(() => findBrowsers(scratch), { timeout: 5_000 }).toEqual([ours.pid]);
      expect(await readPss(ours.pid ?? 0, await readProcessTree())).toBeGreaterThan(1e6);
      expect(await killLeftOverBrowsers(scratch)).toBe(1);
      expect(await findBrowsers(scratch)).toEqual([]);
      expect(await findBrowsers(`${scratch}-of-another`)).toEqual([theirs.pid]);
    } finally {
      theirs.kill('SIGKILL');
      ours.kill('SIGKILL');
      await rm(scratch, { recursive: true, force: true });
    }
  });
});
