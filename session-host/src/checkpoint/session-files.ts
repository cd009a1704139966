import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyDatabase } from './leveldb/copy-database.ts';

export const databaseFolder = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const blobFolder = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob';

/** Path within the profile → content. */
export type SessionFiles = ReadonlyMap<string, Buffer>;

/** Not '..', not absolute: whoever names such a file can't write outside the profile. */
export const sessionPath = /^Default\/IndexedDB\/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * Copies the files that make the session out of a profile, also of one in use.
 * @returns undefined when the page has stored nothing yet
 * @throws {CopyError} when no consistent copy could be had
 */
export async function copySessionFiles(profileDir: string): Promise<SessionFiles | undefined> {
  const folder = join(profileDir, databaseFolder);
  if (!(await namesIn(folder)).includes('CURRENT')) return undefined;
  const files = new Map<string, Buffer>();
  // Blobs are written before the records that name them and deleted after: those of before and after are a superset.
  await addBlobs(profileDir, files);
  const database = await copyDatabase(folder);
  await addBlobs(profileDir, files);
  for (const [name, content] of database) files.set(`${databaseFolder}/${name}`, content);
  return files;
}

/** Makes a profile that holds nothing but these files. */
export async function writeSessionFiles(files: SessionFiles, profileDir: string): Promise<void> {
  for (const [path, content] of files) {
    const target = join(profileDir, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600, flag: 'wx' });
  }
}

async function addBlobs(profileDir: string, files: Map<string, Buffer>): Promise<void> {
  for (const name of await namesIn(join(profileDir, blobFolder), { recursive: true })) {
    const path = `${blobFolder}/${name}`;
    try {
      files.set(path, await readFile(join(profileDir, path)));
    } catch (error) {
      // Folders are listed too, and a blob may have been deleted meanwhile.
      if (!hasCode(error, 'EISDIR', 'ENOENT')) throw error;
    }
  }
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
