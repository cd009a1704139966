import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asUnprivileged, installUsers, chooseUserIds, whyNoBrowserUsers } from '../support/browser-users.ts';

const main = fileURLToPath(new URL('../../session-host/src/main.ts', import.meta.url));
const users = chooseUserIds({ browsers: 2 });

describe.skipIf(whyNoBrowserUsers !== undefined)(
  `session host that cannot keep browsers apart from itself${whyNoBrowserUsers ? ` (${whyNoBrowserUsers})` : ''}`,
  () => {
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), 'refusals-'));
      chmodSync(dir, 0o711);
      for (const name of ['scratch', 'checkpoints']) {
        mkdirSync(join(dir, name), { mode: 0o700 });
        chownSync(join(dir, name), users.host, users.host);
      }
      installUsers({ folder: join(dir, 'users'), ...users });
    });
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    it('refuses to run as root', () => {
      expect(startHost({ wrapper: [] })).toMatch(/must run as an unprivileged user, not as root/);
    });

    it('refuses where set-user-ID executables have no effect', () => {
      const wrapper = asUnprivileged(users.host).toSpliced(-1, 0, '--no-new-privs');
      expect(startHost({ wrapper })).toMatch(
        /does not make a process of user \d+: the container must allow set-user-ID/,
      );
    });

    it('refuses checkpoints that a browser could get to', () => {
      chmodSync(join(dir, 'checkpoints'), 0o755);
      expect(startHost()).toMatch(/a process of user \d+ reaches \S+checkpoints, reaches the list of \S+checkpoints/);
    });

    it('refuses executables of browsers that a browser could run', () => {
      chmodSync(join(dir, 'users'), 0o755);
      expect(startHost()).toMatch(/a process of user \d+ reaches \S+users/);
    });

    it('refuses a host that shares its group with the processes of root', () => {
      const wrapper = asUnprivileged(users.host).map((arg) => (arg === '--clear-groups' ? '--groups=0' : arg));
      expect(startHost({ wrapper })).toMatch(/is in the group of root/);
    });

    it('refuses executables without the right mode, of another owner, or of its own user', () => {
      const executable = join(dir, 'users', String(users.browsers[0]));
      chmodSync(executable, 0o755);
      expect(startHost()).toMatch(/must be named by a user id, owned by that user and group, and have mode 6711/);
      chownSync(executable, users.host, users.host);
      chmodSync(executable, 0o6711);
      expect(startHost()).toMatch(/must be named by a user id, owned by that user and group, and have mode 6711/);
    });

    it('refuses more sessions than there are users', () => {
      expect(startHost({ env: { MAX_SESSIONS: '3' } })).toMatch(
        /MAX_SESSIONS is 3, but BROWSER_USERS_DIR has users for 2 browsers/,
      );
    });

    it('is refused nothing else by these settings', () => {
      expect(startHost()).toMatch(/ECONNREFUSED/);
    });

    /** What the host says before it ends: no cloud is there for it. */
    function startHost({ wrapper = asUnprivileged(users.host), env = {} }: { wrapper?: string[]; env?: object } = {}) {
      const [executable, ...args] = [...wrapper, process.execPath, main];
      const { status, stdout, stderr } = spawnSync(executable ?? '', args, {
        encoding: 'utf8',
        timeout: 30_000,
        env: {
          HOME: dir,
          PATH: '/usr/bin:/bin',
          STAGE: 'local',
          ITEMS_TABLE: 'items',
          KEYS_TABLE: 'keys',
          PLACEMENTS_TABLE: 'placements',
          KMS_KEY_ID: 'key',
          LEASES_TABLE: 'leases',
          HOST_ACCESS_ENDPOINT: 'http://127.0.0.1:9',
          SHARDS: '1',
          WAKE_QUEUE_URL_TEMPLATE: 'http://127.0.0.1:9/wake-{shard}.fifo',
          REALTIME_ENDPOINT: 'http://127.0.0.1:9/live',
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'none',
          AWS_SECRET_ACCESS_KEY: 'none',
          AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
          SCRATCH_DIR: join(dir, 'scratch'),
          CHECKPOINT_DIR: join(dir, 'checkpoints'),
          CHROMIUM_PATH: '/usr/lib/chromium/chromium-headless-shell',
          HEALTH_PORT: '0',
          MAX_SESSIONS: '2',
          BROWSER_USERS_DIR: join(dir, 'users'),
          ...env,
        },
      });
      expect(status).not.toBe(0);
      return stdout + stderr;
    }
  },
);
