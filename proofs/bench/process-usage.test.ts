import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { descendantsOf, usageOfTree } from './process-usage.ts';

/** Busy for a while, with a child that is no Node. */
const script = `
  const child = require('node:child_process').spawn('sleep', ['60']);
  const until = Date.now() + 200;
  while (Date.now() < until);
  process.stdout.write('up');
  process.stdin.on('end', () => child.kill()).resume();
`;

describe.runIf(process.platform === 'linux')('usage of a host', () => {
  it('tells Node from what it started', async () => {
    const host = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      await once(host.stdout, 'data');
      const pid = host.pid ?? 0;
      expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining([pid, ...descendantsOf(pid)]));
      expect(descendantsOf(pid)).toHaveLength(1);
      const { node, browsers } = usageOfTree(pid);
      expect(node.pssMb).toBeGreaterThan(5);
      expect(node.cpuMs).toBeGreaterThanOrEqual(50);
      expect(browsers.pssMb).toBeGreaterThan(0);
      expect(browsers.pssMb).toBeLessThan(node.pssMb);
      expect(browsers.cpuMs).toBeLessThan(node.cpuMs);
    } finally {
      host.stdin.end();
      await once(host, 'exit');
    }
  });

  it('is nothing for a process that is gone', () => {
    expect(usageOfTree(2 ** 30)).toEqual({ node: { pssMb: 0, cpuMs: 0 }, browsers: { pssMb: 0, cpuMs: 0 } });
  });
});
