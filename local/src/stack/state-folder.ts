import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StackError } from './stack-error.ts';

/**
 * Raised where an older state can't be gone on with. 2: the index of chats is keyed by the table's own key. 3: the user
 * pool's usernames are our own, and what people wrote is sealed.
 */
const formatVersion = 3;
const formatSchema = z.object({ version: z.number() });
const formatName = 'format.json';
const lockName = 'stack.pid';
const neededBytes = 300e6;

export interface StateFolder {
  dir: string;
  /** Folder of one part, created when absent. */
  part(name: string): string;
  /** Lets another stack use the folder. */
  release(): void;
}

/**
 * Takes the folder for this process: one stack per folder, nobody else's files, a format we know, room on its disk.
 * @param options.fresh throws away what an earlier run left.
 * @throws StackError; the folder is not held then.
 */
export function openStateFolder({ dir, fresh = false }: { dir: string; fresh?: boolean | undefined }): StateFolder {
  const lock = join(dir, lockName);
  makeFolder(dir);
  checkOwnership(dir);
  takeLock(lock, dir);
  const release = () => rmSync(lock, { force: true });
  try {
    if (fresh) empty(dir);
    checkRoom(dir);
    checkFormat(dir);
  } catch (error) {
    release();
    throw error;
  }
  return { dir, part: (name) => makeFolder(join(dir, name)), release };
}

/** Only what a stack made is ever thrown away: `--dir .` must not cost anybody their files. */
function checkOwnership(dir: string): void {
  const names = readdirSync(dir);
  if (names.length > 0 && !names.includes(formatName) && !names.includes(lockName))
    throw new StackError(
      `${dir} holds other files and is not a state folder.`,
      'Choose a new or an empty folder with --dir.',
    );
}

/** Of two that start at the same moment one gets it. */
function takeLock(lock: string, dir: string): void {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = runningHolder(lock);
    if (holder !== undefined)
      throw new StackError(
        `Another stack (process ${holder}) is using the state folder ${dir}.`,
        'Stop it first, or choose another folder with --dir.',
      );
    rmSync(lock, { force: true });
  }
}

function empty(dir: string): void {
  for (const name of readdirSync(dir)) if (name !== lockName) rmSync(join(dir, name), { recursive: true, force: true });
}

function makeFolder(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  } catch (cause) {
    throw new StackError(
      `The state folder ${dir} cannot be created: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Remove what is in its way, or choose another folder with --dir.',
      cause,
    );
  }
}

function checkRoom(dir: string): void {
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < neededBytes)
    throw new StackError(
      `Only ${Math.round((bavail * bsize) / 1e6)} MB are free on the disk of ${dir}.`,
      `Free at least ${neededBytes / 1e6} MB and start again.`,
    );
}

function checkFormat(dir: string): void {
  const file = join(dir, formatName);
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify({ version: formatVersion }));
    return;
  }
  const version = readVersion(file);
  if (version !== formatVersion)
    throw new StackError(
      `The state folder ${dir} is damaged or was made by another version of this project.`,
      'Start over with: npm start -- --fresh (this deletes what was linked and stored locally).',
    );
}

function readVersion(file: string): number | undefined {
  try {
    return formatSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  } catch {
    // Unreadable is as good as foreign: the caller says so.
    return undefined;
  }
}

function runningHolder(lock: string): number | undefined {
  if (!existsSync(lock)) return undefined;
  const pid = Number(readFileSync(lock, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return isOurs(pid) ? pid : undefined;
  } catch {
    // No such process: its stack was killed and left the file behind.
    return undefined;
  }
}

/** After a reboot the number may belong to anything. */
function isOurs(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('node');
}
