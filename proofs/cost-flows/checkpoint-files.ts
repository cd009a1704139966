import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface CheckpointFiles {
  /** Number of the newest generation; 0 when there is none. */
  generation: number;
  /** Of the newest one. */
  bytes: number;
}

/** The checkpoints of a stack with one linked user, under the folder of all users' checkpoints. */
export async function readCheckpointFiles(folder: string): Promise<CheckpointFiles> {
  const names = await readdir(folder, { recursive: true });
  const newest = names
    .filter((name) => name.endsWith('.checkpoint'))
    .toSorted()
    .at(-1);
  if (newest === undefined) return { generation: 0, bytes: 0 };
  const generation = Number(/(\d+)\.checkpoint$/.exec(newest)?.[1] ?? 0);
  return { generation, bytes: (await stat(join(folder, newest))).size };
}
