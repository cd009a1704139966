// Loaded into a session host before its own code (--import): the folder of checkpoints becomes slow or full while the
// file CHAOS_DISK says so. What EFS does to a host can't be had from a laptop's disk.
import { readFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

const { CHAOS_DISK = '', CHECKPOINT_DIR = '' } = process.env;
const slowMs = { min: 200, max: 2_500 };
const writing = new Set(['writeFile', 'appendFile', 'mkdir', 'link', 'rename', 'copyFile', 'symlink']);
const handleWriting = new Set(['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate']);

function readTrouble() {
  try {
    return readFileSync(CHAOS_DISK, 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {boolean} writes */
async function suffer(writes) {
  const trouble = readTrouble();
  if (trouble === 'slow') await delay(slowMs.min + Math.random() * (slowMs.max - slowMs.min));
  if (trouble === 'full' && writes)
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}

/** @param {unknown} path */
function isThere(path) {
  return typeof path === 'string' && path.startsWith(CHECKPOINT_DIR);
}

/** @param {import('node:fs/promises').FileHandle} handle */
function troubled(handle) {
  return new Proxy(handle, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (/** @type {unknown[]} */ ...args) =>
        handleWriting.has(String(name))
          ? suffer(true).then(() => value.apply(target, args))
          : value.apply(target, args);
    },
  });
}

if (CHAOS_DISK && CHECKPOINT_DIR) {
  for (const name of ['readFile', 'readdir', 'stat', 'rm', 'unlink', ...writing]) {
    const original = Reflect.get(promises, name);
    const slowed = async (/** @type {unknown[]} */ ...args) => {
      if (args.some(isThere)) await suffer(writing.has(name));
      return Reflect.apply(original, promises, args);
    };
    Reflect.set(promises, name, slowed);
  }
  const { open } = promises;
  promises.open = async (path, flags, mode) => {
    if (!isThere(path)) return open(path, flags, mode);
    await suffer(typeof flags === 'string' && /[wa+]/.test(flags));
    return troubled(await open(path, flags, mode));
  };
  syncBuiltinESMExports();
}
