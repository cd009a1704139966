import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A user for browsers, and the executable that turns whoever runs it into that user. */
export interface BrowserUser {
  uid: number;
  executable: string;
}

const setId = 0o6000;
/** Bytes of what is only looked at. */
const wordsLimit = 1024 * 1024;
const errorLimit = 2_000;

/**
 * The users of a folder with one copy of util-linux's setpriv each, named by the user's id, owned by that user and
 * group, set-user-ID and set-group-ID. Running one needs no capability, and gives none.
 * @throws {Error} naming the file that is otherwise and the remedy
 */
export async function readBrowserUsers(folder: string): Promise<BrowserUser[]> {
  const users: BrowserUser[] = [];
  for (const name of await readdir(folder)) {
    const executable = join(folder, name);
    const uid = Number(name);
    const { uid: owner, gid, mode } = await stat(executable);
    if (!Number.isInteger(uid) || uid < 1 || owner !== uid || gid !== uid || (mode & setId) !== setId)
      throw new Error(
        `${executable} must be named by a user id, owned by that user and group, and have mode 6711: see session-host/Dockerfile`,
      );
    if (uid === process.getuid?.()) throw new Error(`${executable} is of the host's own user: browsers need another`);
    users.push({ uid, executable });
  }
  return users.toSorted((a, b) => a.uid - b.uid);
}

/**
 * As the user for good: real, effective and saved ids, and no way to more. Groups besides the main one can't be left
 * without a capability, which is why nothing of the host may be readable by its group.
 */
export function commandAs({ uid, executable }: BrowserUser, argv: readonly string[]): [string, ...string[]] {
  return [executable, '--reuid', String(uid), '--regid', String(uid), '--keep-groups', '--no-new-privs', '--', ...argv];
}

/** Starts a command as the user, with an environment of nothing. */
export function spawnAs(user: BrowserUser, argv: readonly string[], stdio: 'pipe' | 'ignore' = 'pipe'): ChildProcess {
  const [executable, ...args] = commandAs(user, argv);
  return spawn(executable, args, { stdio: ['pipe', stdio, stdio], env: { PATH: '/usr/bin:/bin' }, cwd: '/' });
}

/**
 * Runs a command as the user and reads what it says. What comes is as trustworthy as the user's browser.
 * @throws {Error} with the end of its standard error when it fails, says more than `outputLimit` bytes, or isn't done
 *   in time
 */
export async function runAs(
  user: BrowserUser,
  {
    argv,
    input = Buffer.alloc(0),
    timeoutMs,
    outputLimit = wordsLimit,
  }: { argv: readonly string[]; input?: Buffer; timeoutMs: number; outputLimit?: number },
): Promise<Buffer> {
  const child = spawnAs(user, argv);
  const output: Buffer[] = [];
  let length = 0;
  let said = '';
  let problem: string | undefined;
  const giveUp = (why: string) => {
    problem ??= why;
    // It may be beyond our signals: what we don't read or wait for ends with the home.
    child.stdout?.destroy();
    child.stderr?.destroy();
    finished.reject(new Error(`${argv[0]} as user ${user.uid}: ${why}`));
  };
  const finished = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => giveUp(`not done after ${timeoutMs} ms`), timeoutMs);
  child.stdout?.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > outputLimit) giveUp('says too much');
    else output.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-errorLimit);
  });
  // A child that is gone doesn't take its input; its exit code says so.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  child.on('error', finished.reject);
  child.on('close', finished.resolve);
  try {
    const code = await finished.promise;
    if (code !== 0) throw new Error(`${argv[0]} as user ${user.uid} failed (${code}): ${said.trim()}`);
    return Buffer.concat(output);
  } finally {
    clearTimeout(timer);
  }
}

/** How many processes each user has. */
export async function countProcesses(uids: ReadonlySet<number>): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const { uid } of await readProcesses()) if (uids.has(uid)) counts.set(uid, (counts.get(uid) ?? 0) + 1);
  return counts;
}

export async function processesOf(uid: number): Promise<number[]> {
  return (await readProcesses()).filter((each) => each.uid === uid).map(({ pid }) => pid);
}

/** All processes but those that only wait for their parent to notice their end. */
async function readProcesses(): Promise<{ pid: number; uid: number }[]> {
  const processes: { pid: number; uid: number }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? -1);
    if (!/^State:\t[ZX]/m.test(status)) processes.push({ pid: Number(name), uid });
  }
  return processes;
}
