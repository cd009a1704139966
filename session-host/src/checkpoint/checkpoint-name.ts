/** Which checkpoint: newest is the one of the highest epoch, and of the highest generation in it. */
export interface CheckpointName {
  /** Of the host's term over the user's shard. */
  epoch: number;
  /** The generation that its chain began with: it refers to no file before that one. */
  base: number;
  generation: number;
}

export function fileNameOf({ epoch, base, generation }: CheckpointName): string {
  return `${[epoch, base, generation].map((n) => String(n).padStart(10, '0')).join('-')}.checkpoint`;
}

/** @returns undefined for other files */
export function parseFileName(fileName: string): CheckpointName | undefined {
  const digits = /^(\d{10})-(\d{10})-(\d{10})\.checkpoint$/.exec(fileName)?.slice(1).map(Number);
  if (!digits) return undefined;
  const [epoch = 0, base = 0, generation = 0] = digits;
  return { epoch, base, generation };
}

type Position = Pick<CheckpointName, 'epoch' | 'generation'>;

/** Negative when `a` is the older one. */
export function compareAge(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.generation - b.generation;
}

/** Whether `a` is older than `b`, if there is one. */
export function isBefore(a: Position, b: Position | undefined): boolean {
  return b !== undefined && compareAge(a, b) < 0;
}

export function sameChain(a: CheckpointName, b: CheckpointName): boolean {
  return a.epoch === b.epoch && a.base === b.base;
}
