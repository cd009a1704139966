import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@top-active/aws';
import { createCheckpointStore } from './checkpoint-store.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { asCopy, contentsOf } from './session-files.ts';
import type { Snapshot, TakenSnapshot } from './snapshot.ts';
import { createTestBox, createTestPointer } from './test-stores.ts';

export const database = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
export const blob = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob/1/00/1';
const bigBlob = randomBytes(300_000);
const ours156 = '156.0.8078.79';

function ignore() {}

export function createRecordingLog(): { log: Log; alarms: string[] } {
  const alarms: string[] = [];
  return { alarms, log: { debug: ignore, info: ignore, warn: ignore, error: (message) => alarms.push(message) } };
}

export function makeSnapshot(batches: number, more: [string, Buffer][] = [[blob, bigBlob]]): TakenSnapshot {
  const files = [...makeDatabase({ batches })].map(([name, content]) => [`${database}/${name}`, content] as const);
  return {
    takenAt: new Date('2030-01-01T00:00:00.000Z'),
    chromiumVersion: ours156,
    files: asCopy(new Map([...files, ...more])),
    localStorage: { me: `${batches}` },
  };
}

export function whole({ files, ...rest }: TakenSnapshot): Snapshot {
  return { ...rest, files: contentsOf(files) };
}

/** A user's folder, and stores over it as hosts would have them. */
export async function openTestFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  const userId = randomUUID();
  const box = createTestBox(createSecretKey(randomBytes(32)));
  const ours = () => join(folder, userId);

  return {
    folder,
    userId,
    box,
    /** Where the user's files are. */
    ours,
    createStore({
      epoch = 1,
      pointer = createTestPointer(),
      secrets = box,
      chromiumVersion = ours156,
      now = Date.now,
    } = {}) {
      const { log, alarms } = createRecordingLog();
      const store = createCheckpointStore({ folder, userId, epoch, secrets, pointer, chromiumVersion, log, now });
      return { log, alarms, pointer, store };
    },
    /** Newest last. */
    fileNames: async (): Promise<string[]> => (await readdir(ours())).toSorted(),
    async damage(name: string, change: (content: Buffer) => Buffer): Promise<void> {
      await writeFile(join(ours(), name), change(await readFile(join(ours(), name))));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export type TestFolder = Awaited<ReturnType<typeof openTestFolder>>;

export function cut(content: Buffer): Buffer {
  return content.subarray(0, content.length / 2);
}

export function flip(content: Buffer): Buffer {
  const at = Math.floor(content.length / 3);
  content.writeUInt8(content.readUInt8(at) ^ 1, at);
  return content;
}
