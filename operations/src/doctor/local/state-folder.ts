import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';

export interface StateFolder {
  exists: boolean;
  isOurs: boolean;
  isWritable: boolean;
  /** Process of the stack that holds it, and whether that process lives. */
  holder?: { pid: number; lives: boolean } | undefined;
}

export function stateFolderCheck(dir: string): Check {
  return { title: 'State folder', look: () => Promise.resolve(judgeStateFolder(dir, readStateFolder(dir))) };
}

export function judgeStateFolder(dir: string, { exists, isOurs, isWritable, holder }: StateFolder): Finding {
  if (!exists) return ok(`${dir} is not there yet`);
  if (!isOurs) return fail(`${dir} was not made by a stack`, 'Choose another folder with --dir.');
  if (!isWritable) return fail(`${dir} cannot be written to`, 'Make the user that runs the stack its owner.');
  if (!holder) return ok(dir);
  if (holder.lives) return ok(`${dir}, in use by process ${holder.pid}`);
  return warn(`${dir}, left by process ${holder.pid}, which has ended`, 'The next npm start takes it over.');
}

function readStateFolder(dir: string): StateFolder {
  const lock = join(dir, 'stack.pid');
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : undefined;
  return {
    exists: existsSync(dir),
    isOurs: existsSync(join(dir, 'format.json')) || pid !== undefined,
    isWritable: isWritable(dir),
    holder: pid === undefined ? undefined : { pid, lives: lives(pid) },
  };
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    // Whatever the reason, it can't be written to.
    return false;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
