import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { descendantsOf, pssOfTree } from './process-memory.ts';

describe.runIf(process.platform === 'linux')('memory of a process tree', () => {
  it('sums a parent and its children', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(child.stdout, 'data');
      expect(descendantsOf(process.pid)).toContain(child.pid);
      const alone = pssOfTree(child.pid ?? 0);
      expect(alone).toBeGreaterThan(1);
      expect(pssOfTree(process.pid, { withRoot: false })).toBeGreaterThanOrEqual(alone * 0.5);
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });
});
