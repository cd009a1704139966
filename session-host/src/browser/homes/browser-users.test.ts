import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runAs, type BrowserUser } from './browser-users.ts';

describe('what a command says that runs as the user of a browser', () => {
  const dir = mkdtempSync(join(tmpdir(), 'browser-users-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  // In place of setpriv: passes over what it is told of users, and runs the rest.
  const executable = join(dir, 'as-nobody-else');
  writeFileSync(executable, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n', { mode: 0o700 });
  const user: BrowserUser = { uid: 40_000, executable };
  const says = (bytes: number) => ['/bin/sh', '-c', `head -c ${bytes} /dev/zero`];

  it('is read to its end', async () => {
    const output = await runAs(user, { argv: says(300_000), timeoutMs: 10_000, outputLimit: 300_000 });
    expect(output).toHaveLength(300_000);
  });

  it('is given up where it is more than may be held: a megabyte, unless more is asked for', async () => {
    await expect(runAs(user, { argv: says(2_000_000), timeoutMs: 10_000 })).rejects.toThrow(
      /user 40000: says too much/,
    );
    await expect(runAs(user, { argv: says(2_000_000), timeoutMs: 10_000, outputLimit: 1_999_999 })).rejects.toThrow(
      /says too much/,
    );
    await expect(runAs(user, { argv: ['/bin/sh', '-c', 'cat /dev/zero'], timeoutMs: 10_000 })).rejects.toThrow(
      /says too much/,
    );
  });

  it('is given up where it takes too long, and a failure says why', async () => {
    await expect(runAs(user, { argv: ['/bin/sleep', '5'], timeoutMs: 50 })).rejects.toThrow(/not done after 50 ms/);
    await expect(
      runAs(user, { argv: ['/bin/sh', '-c', 'echo no such thing >&2; exit 3'], timeoutMs: 10_000 }),
    ).rejects.toThrow(/failed \(3\): no such thing/);
  });
});
