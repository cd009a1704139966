import { FencedError, metrics, type CheckpointPointer, type CheckpointPointerStore, type Log } from '@top-active/aws';

/** When nothing changes, the pointer tells the age so often. */
const confirmEveryMs = 60_000;

/** What a host knows of the pointer to a user's newest checkpoint, and how it moves it. */
export interface Pointing {
  /** The first checkpoint of the current link, where another was before. */
  readonly link: CheckpointPointer['link'];
  get(): Promise<CheckpointPointer | undefined>;
  /** As it was read, or as a chain begins with it. */
  noteLink(link: CheckpointPointer['link']): void;
  /** It hasn't been moved for a minute. */
  isDue(): boolean;
  /** A store that can't be reached is logged. @throws {FencedError} when a host of a later term has moved it */
  moveTo(to: CheckpointPointer): Promise<void>;
  /** From now on no host of an earlier term can move it. @throws {FencedError} as `moveTo` */
  claim(newest: CheckpointPointer | undefined): Promise<void>;
  /** No checkpoint up to this generation counts any more. @throws {FencedError} as `moveTo` */
  forgetUntil(generation: number): Promise<void>;
}

export function createPointing(options: {
  pointer: CheckpointPointerStore;
  epoch: number;
  log: Log;
  now: () => number;
}): Pointing {
  const { pointer, epoch, log, now } = options;
  let link: CheckpointPointer['link'];
  let confirmedAt = -Infinity;

  async function moveTo(to: CheckpointPointer): Promise<void> {
    let moved: boolean;
    try {
      moved = await pointer.move({ ...to, ...(link && { link }) });
    } catch (error) {
      // It is stored all the same, and found by its name.
      log.warn('The pointer to the newest checkpoint was not moved', { generation: to.generation }, error);
      return;
    }
    confirmedAt = now();
    if (!moved) refuseSaving();
  }

  return {
    get link() {
      return link;
    },
    get: () => pointer.get(),
    noteLink: (first) => void (link = first),
    isDue: () => now() - confirmedAt >= confirmEveryMs,
    moveTo,
    async claim(newest) {
      if (newest && newest.epoch !== epoch) await moveTo({ ...newest, epoch });
    },
    async forgetUntil(generation) {
      if (!(await pointer.move({ epoch, generation }))) refuseSaving();
    },
  };
}

/** @throws {FencedError} always */
export function refuseSaving(): never {
  metrics.emit('TwoOwners');
  throw new FencedError('A host of a later term saves this session');
}
