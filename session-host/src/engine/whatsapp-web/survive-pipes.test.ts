import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { survivePipes } from './survive-pipes.ts';

it('keeps a pipe that fails after its browser was killed from ending the process', async () => {
  const browser = spawn('/bin/cat', { stdio: ['pipe', 'pipe', 'ignore', 'pipe', 'pipe'] });
  survivePipes(browser);
  browser.kill('SIGKILL');
  await once(browser, 'close');
  const failures = browser.stdio.map((stream) => stream?.emit('error', new Error('read ECONNRESET')));
  // Somebody listens: without a listener `emit` throws.
  expect(failures.filter((heard) => heard === true)).toHaveLength(4);
});
