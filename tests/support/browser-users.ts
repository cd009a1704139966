import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const setpriv = '/usr/bin/setpriv';

/** Why browsers can't run under users of their own here; undefined if they can. */
export const whyNoBrowserUsers =
  process.getuid?.() !== 0 ? 'needs root' : existsSync(setpriv) ? undefined : `needs ${setpriv}`;

/** The rights of a container on Fargate: an unprivileged user without any capability, also none to gain. */
export function asUnprivileged(uid: number): string[] {
  const id = String(uid);
  return [setpriv, '--reuid', id, '--regid', id, '--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--'];
}

/** Ids of users that nothing else on the machine uses: one for a host, and one for each of its browsers. */
export function chooseUserIds({ browsers }: { browsers: number }): { host: number; browsers: number[] } {
  const host = 1_000_000 + process.pid * 100;
  return { host, browsers: Array.from({ length: browsers }, (_, i) => host + 1 + i) };
}

/** Makes the folder of BROWSER_USERS_DIR as the image has it (see session-host/Dockerfile). */
export function installUsers({ folder, host, browsers }: { folder: string; host: number; browsers: number[] }): void {
  mkdirSync(folder, { mode: 0o700 });
  for (const uid of browsers) {
    const executable = join(folder, String(uid));
    copyFileSync(setpriv, executable);
    chownSync(executable, uid, uid);
    chmodSync(executable, 0o6711);
  }
  chownSync(folder, host, host);
}

/** What a shell command says when a user without rights runs it, with the host's group. */
export function runAsBrowser({ uid, group, command }: { uid: number; group: number; command: string[] }): string {
  const rights = ['--reuid', String(uid), '--regid', String(uid), '--groups', String(group), '--no-new-privs'];
  const args = [...rights, '--inh-caps=-all', '--bounding-set=-all', '--', ...command];
  return spawnSync(setpriv, args, {
    encoding: 'utf8',
    timeout: 30_000,
    env: { PATH: '/usr/bin:/bin', HOME: '/tmp' },
  }).stdout;
}
