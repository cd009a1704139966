import { instantSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { keys } from '../items/keys.ts';
import type { StoreContext } from './store-context.ts';

const pointerSchema = z.object({
  /** Epoch of the shard when the host stored the checkpoint. */
  epoch: z.int().min(0),
  /** Of the newest checkpoint; counts on for ever, also over unlinking. */
  generation: z.int().min(0),
  /**
   * When it was taken. Absent: the session was forgotten, and no checkpoint up to this one may ever be opened again.
   */
  takenAt: instantSchema.optional(),
  /**
   * The first checkpoint of the current link: none before it may ever be opened again. Absent: nothing was linked
   * before.
   */
  link: z.object({ epoch: z.int().min(0), generation: z.int().min(0) }).optional(),
});
export type CheckpointPointer = z.infer<typeof pointerSchema>;

export interface CheckpointPointerStore {
  /** Of the newest checkpoint that is known; undefined before the first. */
  get(): Promise<CheckpointPointer | undefined>;
  /** False when a host of a newer epoch has moved it, or a newer generation stands there: then nothing is written. */
  move(to: CheckpointPointer): Promise<boolean>;
}

const maxTries = 5;

/**
 * Which checkpoint of the user is the newest: a host whose term is over can't move it, and a disk that was put back is
 * noticed.
 */
export function createCheckpointPointerStore({ items }: Pick<StoreContext, 'items'>): CheckpointPointerStore {
  /** As it was last read or written here: most moves need no reading. */
  let known: CheckpointPointer | undefined;

  async function get(): Promise<CheckpointPointer | undefined> {
    known = await items.get(keys.checkpoint, pointerSchema);
    return known;
  }

  return {
    get,
    async move(to) {
      for (let attempt = 1; attempt <= maxTries; attempt++) {
        if (known && isNewer(known, to)) await get();
        if (known && isNewer(known, to)) return false;
        const condition = known
          ? { epoch: known.epoch, generation: known.generation, takenAt: known.takenAt }
          : ('absent' as const);
        if (await items.write({ kind: 'put', sk: keys.checkpoint, item: to, condition })) {
          known = to;
          return true;
        }
        await get();
      }
      throw new Error('The pointer to the newest checkpoint was moved by others at every try');
    },
  };
}

function isNewer(a: CheckpointPointer, b: CheckpointPointer): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.generation > b.generation);
}
