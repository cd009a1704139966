import type { BigIntStats } from 'node:fs';
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stampOf, type CopiedFile, type Stamps } from './copied-file.ts';
import { CopyError, copyDatabase } from './leveldb/copy-database.ts';

export const databaseFolder = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const blobFolder = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob';

const maxTries = 40;
const pauseMs = 25;
/** Coarser than any file system's time stamps. */
const tickMs = 12;

/** Path within the profile → content. */
export type SessionFiles = ReadonlyMap<string, Buffer>;

/** Path within the profile → what was copied. */
export type SessionCopy = ReadonlyMap<string, CopiedFile>;

/** Not '..', not absolute: whoever names such a file can't write outside the profile. */
export const sessionPath = /^Default\/IndexedDB\/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * Copies the files that make the session out of a profile, also of one in use.
 * @param known of files that needn't be read again, from an earlier copy of the same profile
 * @returns undefined when the page has stored nothing yet
 * @throws {CopyError} when no consistent copy could be had
 */
export async function copySessionFiles(
  profileDir: string,
  known: Stamps = new Map(),
): Promise<SessionCopy | undefined> {
  const folder = join(profileDir, databaseFolder);
  if (!(await namesIn(folder)).includes('CURRENT')) return undefined;
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const before = await readFolderTimes(profileDir);
    const database = await copyDatabase(folder, inFolder(known, databaseFolder));
    const files = await copyBlobs(profileDir, known);
    for (const [name, file] of database) files.set(`${databaseFolder}/${name}`, file);
    // A blob is written before the record that names it and deleted after: where none came or went meanwhile, all that
    // are named are here.
    if (before !== undefined && before === (await readFolderTimes(profileDir))) return files;
    await delay(pauseMs);
  }
  throw new CopyError(`Blobs came and went during each of ${maxTries} copies`);
}

/** Files as if they had been copied, each with its content. */
export function asCopy(files: SessionFiles): SessionCopy {
  return new Map([...files].map(([path, content]) => [path, { size: content.length, content }]));
}

/** @throws {Error} when a content isn't here */
export function contentsOf(copy: ReadonlyMap<string, CopiedFile>): Map<string, Buffer> {
  return new Map(
    [...copy].map(([path, { content }]) => {
      if (!content) throw new Error(`${path} was left out of the copy`);
      return [path, content];
    }),
  );
}

/** Makes a profile that holds nothing but these files. */
export async function writeSessionFiles(files: SessionFiles, profileDir: string): Promise<void> {
  for (const [path, content] of files) {
    const target = join(profileDir, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600, flag: 'wx' });
  }
}

async function copyBlobs(profileDir: string, known: Stamps): Promise<Map<string, CopiedFile>> {
  const files = new Map<string, CopiedFile>();
  for (const name of await namesIn(join(profileDir, blobFolder), { recursive: true })) {
    const path = `${blobFolder}/${name}`;
    try {
      const blob = await copyBlob(join(profileDir, path), known.get(path));
      if (blob) files.set(path, blob);
    } catch (error) {
      // It has been deleted meanwhile.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
  return files;
}

/**
 * Changes whenever a blob is made or deleted; undefined when one was just now, since more may be within the same tick.
 */
async function readFolderTimes(profileDir: string): Promise<string | undefined> {
  const top = join(profileDir, blobFolder);
  const times: string[] = [];
  for (const name of ['', ...(await namesIn(top, { recursive: true }))]) {
    const stats = await statOf(join(top, name));
    if (!stats?.isDirectory()) continue;
    if (Date.now() - Number(stats.mtimeNs / 1_000_000n) < tickMs) return undefined;
    times.push(`${name} ${stats.mtimeNs}`);
  }
  return times.toSorted().join();
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @returns undefined for folders, which are listed too */
async function copyBlob(path: string, known: string | undefined): Promise<CopiedFile | undefined> {
  const handle = await open(path, 'r');
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) return undefined;
    const stamp = stampOf(stats);
    if (stamp !== undefined && stamp === known) return { size: Number(stats.size), stamp };
    const content = await handle.readFile();
    return { size: content.length, content, ...(stamp !== undefined && { stamp }) };
  } finally {
    await handle.close();
  }
}

function inFolder(known: Stamps, folder: string): Stamps {
  const names = [...known].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(names.map(([path, stamp]) => [path.slice(folder.length + 1), stamp]));
}

async function namesIn(folder: string, options?: { recursive: boolean }): Promise<string[]> {
  try {
    return await readdir(folder, { recursive: options?.recursive ?? false });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
