import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { readStream, writeStamps, writeStream } from '../../checkpoint/session-stream.ts';
import { asCopy, type SessionFiles } from '../../checkpoint/session-files.ts';
import { descendantsOf, parsePss, readProcessTree, uidOf } from '../process-tree.ts';
import type { BrowserHome, BrowserHomes } from './browser-home.ts';
import { commandAs, countProcesses, readBrowserUsers, runAs, spawnAs, type BrowserUser } from './browser-users.ts';
import { checkSeparation } from './check-separation.ts';

const agent = fileURLToPath(new URL('profile-agent.ts', import.meta.url));
const agentTimeoutMs = 60_000;
/**
 * Bytes of what a session has changed; whole profiles have tens of MB. Held twice for a moment, and a browser in
 * hostile hands chooses how many.
 */
const copyLimit = 256 * 1024 * 1024;
const killTimeoutMs = 5_000;
/** A copy under way when its browser is killed gets so long: it would be killed too. */
const lastCopyMs = 2_000;
const pollMs = 20;
/** For users that something was left of. */
const spares = 4;

/** Kills everything of the user but itself. Refuses under any other: `kill -1` of root would take the machine. */
const killAll = '[ "$(id -u)" = "$0" ] && [ "$0" -gt 0 ] || exit 70; kill -KILL -1 2>/dev/null; :';
/** Waits until its input is closed, as it is when the host ends however it ends. */
const killAllAtTheEnd = `while read -r line; do :; done; ${killAll}`;
const removeAll =
  'rm -rf -- "$1" && for folder in /tmp /dev/shm; do find "$folder" -xdev -user "$0" -delete 2>/dev/null; done; [ ! -e "$1" ]';

/**
 * Homes under users of their own, one per browser. The host is a stranger there: it can neither signal a browser's
 * processes nor read its profile, so both are done by short-lived processes of that user. A browser can't reach the
 * host, its files, nor another home.
 */
export function createOwnUserHomes({
  scratchDir,
  usersDir,
  minimum,
  hidden,
}: {
  scratchDir: string;
  /** With one executable per user: see {@link readBrowserUsers}. */
  usersDir: string;
  /** How many homes are needed at once. */
  minimum: number;
  /** Folders that no browser may get into. */
  hidden: readonly string[];
}): BrowserHomes {
  let free: BrowserUser[] = [];
  /** Also those that earlier runs with more sessions may have used. */
  let all: BrowserUser[] = [];

  function takeUser(): BrowserUser {
    const user = free.shift();
    if (!user) throw new Error(`No user for one more browser is free in ${usersDir}`);
    return user;
  }

  async function open(files: SessionFiles | undefined): Promise<BrowserHome> {
    const user = takeUser();
    const profileDir = join(scratchDir, `profile-${randomUUID()}`);
    keep(user);
    let copying: Promise<unknown> = Promise.resolve();

    async function leave(): Promise<void> {
      // A user with something left of it isn't given to the next browser.
      await killAllOf(user);
      await removeAllOf(user, profileDir);
      free.push(user);
    }

    try {
      await runAgent(user, { verb: 'restore', profileDir, input: writeStream(files && asCopy(files)) });
    } catch (error) {
      await leave();
      throw error;
    }
    return {
      profileDir,
      command: (argv) => commandAs(user, argv),
      async copySession(known) {
        const copy = runAgent(user, { verb: 'copy', profileDir, input: Buffer.from(writeStamps(known)) });
        // Only its end is waited for before a kill; whoever asked for the copy gets its failure.
        copying = copy.catch(() => undefined);
        return readStream(await copy);
      },
      async kill(_pid, hasExited) {
        await Promise.race([copying, pause(lastCopyMs, undefined, { ref: false })]);
        await killAllOf(user);
        return until(hasExited);
      },
      leave,
    };
  }

  /** @returns how many users had processes */
  async function sweep(): Promise<number> {
    const counts = await countProcesses(new Set(all.map(({ uid }) => uid)));
    for (const user of all) if (counts.has(user.uid)) await killAllOf(user);
    for (const name of await readdir(scratchDir)) {
      const folder = join(scratchDir, name);
      const { uid } = await lstat(folder);
      const owner = all.find((user) => user.uid === uid);
      if (owner) await removeAllOf(owner, folder);
      else await rm(folder, { recursive: true, force: true });
    }
    return counts.size;
  }

  async function readMemory(pid: number, tree: ReadonlyMap<number, readonly number[]>): Promise<number> {
    const uid = await uidOf(pid);
    const user = all.find((candidate) => candidate.uid === uid);
    if (!user) return 0;
    const files = descendantsOf(pid, tree).map((each) => `/proc/${each}/smaps_rollup`);
    // Some may be gone by now, which fails it and changes nothing.
    const argv = ['/bin/sh', '-c', 'cat -- "$@" 2>/dev/null; :', '-', ...files];
    return parsePss((await runAs(user, { argv, timeoutMs: killTimeoutMs })).toString());
  }

  return {
    open,
    async prepare() {
      const users = await readBrowserUsers(usersDir);
      if (users.length < minimum)
        throw new Error(`MAX_SESSIONS is ${minimum}, but BROWSER_USERS_DIR has users for ${users.length} browsers`);
      const used = users.slice(0, minimum + spares);
      all = users;
      // Everybody makes a profile in it, nobody can list it, nor touch what isn't theirs.
      await mkdir(scratchDir, { recursive: true });
      await chmod(scratchDir, 0o1733);
      await checkSeparation({ users: used, hidden: [usersDir, ...hidden] });
      const leftOver = await sweep();
      free = used;
      return leftOver;
    },
    async memoryOf(pids) {
      const tree = await readProcessTree();
      return Promise.all(pids.map((pid) => readMemory(pid, tree)));
    },
    async close() {
      await sweep();
    },
  };
}

/** Ends everything of the user when the host is gone. It dies by the same kill as the browser. */
function keep(user: BrowserUser): void {
  const keeper = spawnAs(user, ['/bin/sh', '-c', killAllAtTheEnd, String(user.uid)], 'ignore');
  keeper.on('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
}

async function runAgent(
  user: BrowserUser,
  { verb, profileDir, input }: { verb: 'copy' | 'restore'; profileDir: string; input?: Buffer },
): Promise<Buffer> {
  return runAs(user, {
    argv: [process.execPath, agent, verb, profileDir],
    ...(input && { input }),
    timeoutMs: agentTimeoutMs,
    outputLimit: copyLimit,
  });
}

/** @throws when something is still there after some seconds */
async function killAllOf(user: BrowserUser): Promise<void> {
  const isGone = async () => (await countProcesses(new Set([user.uid]))).size === 0;
  const kill = async () => {
    await runAs(user, { argv: ['/bin/sh', '-c', killAll, String(user.uid)], timeoutMs: killTimeoutMs });
    return isGone();
  };
  if (!(await until(kill))) throw new Error(`Processes of user ${user.uid} could not be killed`);
}

async function removeAllOf(user: BrowserUser, folder: string): Promise<void> {
  await runAs(user, { argv: ['/bin/sh', '-c', removeAll, String(user.uid), folder], timeoutMs: agentTimeoutMs });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + killTimeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await pause(pollMs);
  }
  return true;
}
