import { chmodSync, chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asUnprivileged,
  installUsers,
  chooseUserIds,
  whyNoBrowserUsers,
  runAsBrowser,
} from '../support/browser-users.ts';
import { ana, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

const users = chooseUserIds({ browsers: 3 });

describe.skipIf(whyNoBrowserUsers !== undefined)(
  `session host without capabilities, each browser under a user of its own${whyNoBrowserUsers ? ` (${whyNoBrowserUsers})` : ''}`,
  { timeout: 120_000 },
  () => {
    let fixture: HostFixture;
    let usersDir: string;

    beforeAll(async () => {
      fixture = await startHostFixture({
        env: { MAX_SESSIONS: '3' },
        settle({ dir, scratchDir, checkpointDir }) {
          chmodSync(dir, 0o711);
          usersDir = join(dir, 'browser-users');
          installUsers({ folder: usersDir, ...users });
          for (const folder of [scratchDir, checkpointDir]) {
            chownSync(folder, users.host, users.host);
            chmodSync(folder, 0o700);
          }
          return { wrapper: asUnprivileged(users.host), env: { HOME: dir, BROWSER_USERS_DIR: usersDir } };
        },
      });
    });
    afterAll(async () => {
      await fixture.close();
    });

    it('links and receives', async () => {
      await fixture.link();
      expect(await afterMessage('primeira')).toBe('customer: primeira');
    });

    it('runs Node without capabilities, and the browser as a user apart that can never be more', () => {
      expect(statusOf(fixture.host.pid ?? -1)).toMatchObject({ uid: users.host, capabilities: 0n, groups: [] });
      const inUse = users.browsers.filter((uid) => processesOf(uid).length > 0);
      expect(inUse).toHaveLength(1);
      const pids = processesOf(...inUse);
      expect(pids.map(commandOf).filter((command) => command.includes('--type=renderer'))).not.toEqual([]);
      for (const pid of pids)
        expect(statusOf(pid)).toEqual({
          uids: [0, 1, 2, 3].map(() => inUse[0]),
          uid: inUse[0],
          capabilities: 0n,
          bounding: 0n,
          noNewPrivileges: 1,
          groups: [],
        });
      const commands = processesOf(users.host).map((pid) => commandOf(pid));
      expect(commands).toEqual([
        expect.stringContaining('session-host/src/main.ts'),
        expect.stringContaining('session-host/src/worker.ts'),
      ]);
    });

    it("keeps a browser's user from the host's environment, which the host's user can read", () => {
      const command = ['cat', `/proc/${fixture.host.pid}/environ`];
      expect(runAsBrowser({ uid: users.host, group: users.host, command })).toContain('AWS_ACCESS_KEY_ID');
      for (const uid of users.browsers) expect(runAsBrowser({ uid, group: users.host, command })).toBe('');
    });

    it("keeps a browser's user from the host's memory, files and signals, and from other browsers, even with the host's group", () => {
      const running = users.browsers.find((uid) => processesOf(uid).length > 0) ?? 0;
      const stranger = users.browsers.find((uid) => uid !== running) ?? 0;
      const scratch = join(fixture.dir, 'scratch');
      const profile = join(scratch, readdirSync(scratch).find((name) => name.startsWith('profile-')) ?? '');
      const instance = join(scratch, 'instance.json');
      const [browser] = processesOf(running);
      const checkpoints = join(fixture.dir, 'checkpoints');
      const { pid } = fixture.host;
      const looks = [
        ...['environ', 'mem', 'maps'].map((file) => `: < /proc/${pid}/${file}`),
        `kill -0 ${pid}`,
        `ls ${checkpoints}`,
        `ls ${scratch}`,
        `: < ${instance}`,
        `ls ${usersDir}`,
      ];
      const harms = [
        ...['environ', 'mem', 'maps'].map((file) => `: < /proc/${browser}/${file}`),
        `kill -0 ${browser}`,
        `ls ${profile}`,
        `rm -r ${profile}`,
        `mv ${profile} ${profile}-mine`,
        `: >> ${instance}`,
        `rm -f ${instance}`,
        `mv ${instance} ${instance}-mine`,
        `: > ${checkpoints}/x`,
        `rm -r ${checkpoints}/*`,
        `${usersDir}/${running} --reuid ${running} --regid ${running} --keep-groups -- true`,
      ];
      const succeed = (uid: number, attempts: string[]) =>
        attempts.filter((attempt) =>
          runAsBrowser({ uid, group: users.host, command: ['sh', '-c', `(${attempt}) && echo done`] }).includes('done'),
        );
      expect(succeed(stranger, [...looks, ...harms])).toEqual([]);
      expect(succeed(users.host, looks)).toEqual(looks);
    });

    it('tells the memory of its browsers, which it cannot look at itself', async () => {
      const [bytes = 0] = [...(await metrics()).matchAll(/^top_active_browser_pss_bytes\{.*\} (\d+)$/gm)].map(
        ([, value]) => Number(value),
      );
      expect(bytes).toBeGreaterThan(30e6);
    });

    it('saves checkpoints and comes back from them without a code after a planned restart', async () => {
      await checkpointed();
      await fixture.host.stop();
      expect(processesOf(...users.browsers)).toEqual([]);
      expect(readdirSync(join(fixture.dir, 'scratch'))).toEqual([]);
      fixture.world.send({ from: ana, to: owner, text: 'enquanto parado' });
      fixture.host.start();
      expect(await afterMessage('segunda')).toBe('customer: segunda');
      expect(fixture.world.events().filter(({ kind }) => kind === 'linked')).toHaveLength(1);
    });

    it('leaves no browser behind when it is killed, although it cannot signal one, and comes back without a code', async () => {
      const before = processesOf(...users.browsers);
      expect(before.length).toBeGreaterThan(0);
      fixture.host.kill();
      await expect
        .poll(() => processesOf(...users.browsers).filter((pid) => before.includes(pid)), { timeout: 5_000 })
        .toEqual([]);
      expect(await afterMessage('terceira')).toBe('customer: terceira');
      expect(fixture.world.events().filter(({ kind }) => kind === 'linked')).toHaveLength(1);
    });

    it('takes a new browser, under another user, when one dies', async () => {
      const running = users.browsers.find((uid) => processesOf(uid).length > 0) ?? 0;
      const browser = processesOf(running).find((pid) => commandOf(pid).includes('--remote-debugging-pipe'));
      if (browser === undefined) throw new Error('No browser runs');
      process.kill(browser, 'SIGKILL');
      await fixture.waitForState('reconnecting');
      expect(await afterMessage('quarta')).toBe('customer: quarta');
      expect(processesOf(running)).toEqual([]);
      expect(fixture.world.events().filter(({ kind }) => kind === 'linked')).toHaveLength(1);
    });

    /**
     * A customer writes; the newest message stored once it is there and the session is linked, or when the time is up.
     */
    async function afterMessage(text: string): Promise<string | undefined> {
      fixture.world.send({ from: ana, to: owner, text });
      const newest = async () => (await fixture.conversation(ana)).at(-1);
      await expect.poll(newest, { timeout: 40_000 }).toBe(`customer: ${text}`);
      await fixture.waitForState('linked');
      return newest();
    }

    async function checkpointed(): Promise<void> {
      const folder = join(fixture.dir, 'checkpoints', fixture.tenant.userId);
      await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : []), { timeout: 10_000 }).not.toEqual([]);
    }

    it('leaves nothing of any user when it stops', async () => {
      await fixture.host.stop();
      expect(processesOf(...users.browsers, users.host)).toEqual([]);
    });

    async function metrics(): Promise<string> {
      const started = fixture.logs.findLast((line) => line.includes('Session host started')) ?? '';
      const port = /"healthPort":(\d+)/.exec(started)?.[1];
      return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    }
  },
);

function processesOf(...uids: number[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const status = read(pid, 'status');
      return uids.includes(Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? -1)) && !/^State:\tZ/m.test(status);
    });
}

function commandOf(pid: number): string {
  return read(pid, 'cmdline').replaceAll('\0', ' ');
}

function statusOf(pid: number) {
  const status = read(pid, 'status');
  const numbers = (name: string) => (new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/);
  const mask = (name: string) => BigInt(`0x${numbers(name)[0]}`);
  return {
    uids: numbers('Uid').map(Number),
    uid: Number(numbers('Uid')[0]),
    capabilities: mask('CapInh') | mask('CapPrm') | mask('CapEff') | mask('CapAmb'),
    bounding: mask('CapBnd'),
    noNewPrivileges: Number(numbers('NoNewPrivs')[0]),
    groups: numbers('Groups').filter((group) => group !== ''),
  };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
