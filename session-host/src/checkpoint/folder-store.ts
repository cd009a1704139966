import { link, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserId } from '@top-active/core/contracts';
import { EnvelopeError } from '@top-active/core/crypto';
import type { Log, SecretBox } from '@top-active/aws';
import type { CheckpointStore } from './checkpoint-store.ts';
import { decodeSnapshot, encodeSnapshot, SnapshotError, verifySnapshot, type Snapshot } from './snapshot.ts';

const kept = 3;
const suffix = '.checkpoint';

/**
 * One sealed file per generation, in a folder per user. A generation appears under its name only when it is complete on disk, and is never
 * written again: linking fails where a name is taken, so two writers can't mix.
 */
export function createFolderStore({
  folder,
  userId,
  secrets,
  log,
}: {
  /** Of all users' checkpoints. */
  folder: string;
  userId: UserId;
  secrets: SecretBox;
  log: Log;
}): CheckpointStore {
  const ours = join(folder, userId);

  async function generations(): Promise<number[]> {
    const names = await readdir(ours).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .map((name) => /^(\d{10})\.checkpoint$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .toSorted((a, b) => a - b);
  }

  async function load(generation: number): Promise<Snapshot> {
    const sealed = await readFile(join(ours, fileName(generation)));
    const snapshot = decodeSnapshot(await secrets.open('whatsapp', contextOf(userId, generation), sealed));
    const problems = verifySnapshot(snapshot);
    if (problems.length > 0) throw new SnapshotError(`The database is damaged: ${problems.join(', ')}`);
    return snapshot;
  }

  return {
    async save(snapshot) {
      await mkdir(ours, { recursive: true, mode: 0o700 });
      const existing = await generations();
      const generation = (existing.at(-1) ?? 0) + 1;
      const sealed = await secrets.seal('whatsapp', contextOf(userId, generation), encodeSnapshot(snapshot));
      await publish(ours, fileName(generation), sealed);
      for (const old of existing.slice(0, 1 - kept)) await unlink(join(ours, fileName(old)));
      return { generation, bytes: sealed.length };
    },
    async loadNewest({ below = Infinity } = {}) {
      for (const generation of (await generations()).toReversed()) {
        if (generation >= below) continue;
        try {
          return { generation, snapshot: await load(generation) };
        } catch (error) {
          // Anything else, as keys that can't be had just now, says nothing about the file.
          if (!(error instanceof EnvelopeError) && !(error instanceof SnapshotError)) throw error;
          log.error('ALARM: a checkpoint is damaged and was skipped', { generation }, error);
        }
      }
      return undefined;
    },
    exists: async () => (await generations()).length > 0,
    clear: () => rm(ours, { recursive: true, force: true }),
  };
}

/** Write, sync, name, sync the name. */
async function publish(folder: string, name: string, content: Uint8Array): Promise<void> {
  const draft = join(folder, `.${name}.${process.pid}`);
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, join(folder, name));
  } finally {
    await unlink(draft);
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function fileName(generation: number): string {
  return `${String(generation).padStart(10, '0')}${suffix}`;
}

/** Binds a file to its user and place: it can't be opened for another user, nor as another generation. */
function contextOf(userId: UserId, generation: number) {
  return { table: 'checkpoints', pk: `USER#${userId}`, sk: `GENERATION#${generation}`, field: 'archive', version: 1 };
}
