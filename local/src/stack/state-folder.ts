import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StackError } from './stack-error.ts';

const formatVersion = 1;
const formatSchema = z.object({ version: z.number() });
const neededBytes = 300e6;

export interface StateFolder {
  dir: string;
  /** Folder of one part, created when absent. */
  part(name: string): string;
  /** Lets another stack use the folder. */
  release(): void;
}

/**
 * Takes the folder for this process: one stack per folder, a format we know, and room on its disk.
 * @param options.fresh throws away what an earlier run left.
 */
export function openStateFolder({ dir, fresh = false }: { dir: string; fresh?: boolean | undefined }): StateFolder {
  const lock = join(dir, 'stack.pid');
  const holder = runningHolder(lock);
  if (holder !== undefined)
    throw new StackError(
      `Another stack (process ${holder}) is using the state folder ${dir}.`,
      'Stop it first, or choose another folder with --dir.',
    );
  if (fresh) rmSync(dir, { recursive: true, force: true });
  makeFolder(dir);
  checkRoom(dir);
  checkFormat(dir);
  writeFileSync(lock, String(process.pid));
  return {
    dir,
    part(name) {
      return makeFolder(join(dir, name));
    },
    release() {
      rmSync(lock, { force: true });
    },
  };
}

function makeFolder(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  } catch (cause) {
    throw new StackError(
      `The state folder ${dir} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`,
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
  const file = join(dir, 'format.json');
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify({ version: formatVersion }));
    return;
  }
  const version = readVersion(file);
  if (version !== formatVersion)
    throw new StackError(
      `The state folder ${dir} is damaged or was made by another version of this project.`,
      'Begin anew with: npm start -- --fresh (what was linked and stored locally is then gone).',
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
