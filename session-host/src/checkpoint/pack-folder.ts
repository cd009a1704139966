import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { fileNameOf, parseFileName, type CheckpointName } from './checkpoint-name.ts';

const draftPrefix = '.draft-';
/**
 * Of all folders, since they are on one file system: Node has four threads for all its files, and each operation on a
 * network file system that stalls holds one. The others keep the host alive meanwhile.
 */
const disk = pLimit(2);

/** One user's folder of sealed packs, on a file system that others may be writing too. */
export interface PackFolder {
  list(): Promise<CheckpointName[]>;
  /** Has the next `list` show what others have written, where the file system caches folders. */
  refresh(): Promise<void>;
  /** Undefined when there is none. */
  read(name: CheckpointName): Promise<Buffer | undefined>;
  /** Undefined when there is none. Bytes. */
  sizeOf(name: CheckpointName): Promise<number | undefined>;
  /**
   * Durable when it resolves: it appears under its name complete, and never changes again. @throws when the name is
   * taken
   */
  write(name: CheckpointName, content: Uint8Array): Promise<void>;
  remove(name: CheckpointName): Promise<void>;
  /** Drafts of writers that have died. One that still writes fails, and leaves nothing. */
  removeDrafts(): Promise<void>;
  /** Removes everything. */
  clear(): Promise<void>;
}

export function createPackFolder(folder: string): PackFolder {
  const pathOf = (name: CheckpointName) => join(folder, fileNameOf(name));
  const names = async () => (await unlessAbsent(readdir(folder))) ?? [];

  const operations: PackFolder = {
    async list() {
      return (await names()).map(parseFileName).filter((name) => name !== undefined);
    },
    async refresh() {
      const draft = join(folder, `${draftPrefix}${randomUUID()}`);
      const file = await unlessAbsent(open(draft, 'wx', 0o600));
      await file?.close();
      await rm(draft, { force: true });
    },
    read: (name) => unlessAbsent(readFile(pathOf(name))),
    sizeOf: async (name) => (await unlessAbsent(stat(pathOf(name))))?.size,
    async write(name, content) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `${draftPrefix}${randomUUID()}`);
      try {
        await writeDurably(draft, content);
        // Unlike renaming, linking fails where the name is taken.
        await link(draft, pathOf(name));
      } finally {
        await rm(draft, { force: true });
      }
      await syncFolder(folder);
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    async removeDrafts() {
      for (const name of await names()) if (name.startsWith(draftPrefix)) await rm(join(folder, name), { force: true });
    },
    clear: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
  return {
    list: () => disk(() => operations.list()),
    refresh: () => disk(() => operations.refresh()),
    read: (name) => disk(() => operations.read(name)),
    sizeOf: (name) => disk(() => operations.sizeOf(name)),
    write: (name, content) => disk(() => operations.write(name, content)),
    remove: (name) => disk(() => operations.remove(name)),
    removeDrafts: () => disk(() => operations.removeDrafts()),
    clear: () => disk(() => operations.clear()),
  };
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
