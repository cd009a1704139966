import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ana, owner, startHostFixture, type HostFixture } from '@top-active/tests/support/session-host-fixture';
import type { BuiltImage } from './build-image.ts';

const image: BuiltImage = JSON.parse(readFileSync(process.env.IMAGE ?? '', 'utf8'));

/** As ECS starts it: read-only root, two writable folders mounted, 64 MB of shared memory, one user, no capability. */
const enter = `set -e
mount --bind "$0" "$0"
mount -o remount,bind,ro "$0"
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$0/dev/shm"
mount --bind "$1" "$0$SCRATCH_DIR"
mount --bind "$2" "$0$CHECKPOINT_DIR"
exec chroot "$0" setpriv --reuid ${image.user} --regid ${image.user} --clear-groups --bounding-set=-all --inh-caps=-all -- \\
  env -C ${image.folder} ${image.command.join(' ')}`;

describe('the image', () => {
  let fixture: HostFixture;

  beforeAll(async () => {
    fixture = await startHostFixture({
      settle({ dir, scratchDir, checkpointDir }) {
        chmodSync(dir, 0o711);
        for (const folder of [scratchDir, checkpointDir]) {
          chownSync(folder, image.user, image.user);
          chmodSync(folder, 0o700);
        }
        const unshare = ['unshare', '--mount', '--propagation', 'private'];
        return {
          // What startSessionHost appends, this machine's Node and the sources here, isn't used: the image has its own.
          wrapper: [...unshare, 'sh', '-c', enter, image.root, scratchDir, checkpointDir],
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...image.env },
        };
      },
    });
  });
  afterEach(({ task }) => {
    // What keeps a host from starting stands nowhere else.
    if (task.result?.state === 'fail') process.stderr.write(`${fixture.logs.slice(0, 20).join('\n')}\n`);
  });
  afterAll(() => fixture.close());

  it('links, receives, and saves a checkpoint', async () => {
    await fixture.link();
    fixture.world.send({ from: ana, to: owner, text: 'primeira' });
    await expect.poll(() => fixture.conversation(ana), { timeout: 40_000 }).toEqual(['customer: primeira']);
    const folder = join(fixture.dir, 'checkpoints', fixture.tenant.userId);
    await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : []), { timeout: 20_000 }).not.toEqual([]);
  });

  it('runs from the image, without a capability, in a root that nobody can write', () => {
    const pid = String(fixture.host.pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\t${image.user}\t`, 'm'));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(status).toMatch(new RegExp(`^${set}:\t0+$`, 'm'));
    const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
    expect(mounts.find((line) => line.split(' ')[4] === '/')?.split(' ')[5]).toMatch(/^ro,/);
    // Even root, in the same mounts, can't.
    const write = ['--target', pid, '--mount', '--root', 'touch', '/app/x', '/etc/x', '/usr/x'];
    expect(spawnSync('nsenter', write, { encoding: 'utf8' }).stderr.match(/Read-only file system/g)).toHaveLength(3);
    expect(browserProcesses().length).toBeGreaterThan(1);
  });

  it('comes back after a planned restart, with what was written meanwhile and without a new code', async () => {
    await fixture.host.stop();
    expect(browserProcesses()).toEqual([]);
    fixture.world.send({ from: ana, to: owner, text: 'enquanto parado' });
    fixture.host.start();
    await expect
      .poll(async () => (await fixture.conversation(ana)).toSorted(), { timeout: 60_000 })
      .toEqual(['customer: enquanto parado', 'customer: primeira']);
    await fixture.waitForState('linked');
    expect(fixture.world.events().filter(({ kind }) => kind === 'linked')).toHaveLength(1);
  });
});

function browserProcesses(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfBrowser(name));
}

/** Whether one of the image's users for browsers runs it; what is dead and only waits to be reaped doesn't count. */
function isOfBrowser(pid: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
    return uid >= 20_001 && uid <= 20_128 && !/^State:\tZ/m.test(status);
  } catch {
    return false;
  }
}
