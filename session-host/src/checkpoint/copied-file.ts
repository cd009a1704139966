import type { BigIntStats } from 'node:fs';

/** A file as it was copied out of a profile. */
export interface CopiedFile {
  size: number;
  /** Absent when the file is what it was in an earlier copy, whose stamp was given. */
  content?: Buffer;
  /** Given to the next copy, it spares reading the file again. Absent for files that still grow. */
  stamp?: string;
}

/** Path or name → stamp, of the files that needn't be read again. */
export type Stamps = ReadonlyMap<string, string>;

/** A file that was written so recently may be written again within the same tick of its time stamp. */
const settledAfterMs = 2_000;

/** Of a file that is never written again once it is complete; undefined while it may still be written. */
export function stampOf({ ino, size, mtimeNs }: BigIntStats): string | undefined {
  const age = Date.now() - Number(mtimeNs / 1_000_000n);
  return age < settledAfterMs ? undefined : `${ino}-${size}-${mtimeNs}`;
}

/** Of a copy, for the next one. */
export function stampsOf(copy: ReadonlyMap<string, CopiedFile>): Stamps {
  const stamps = new Map<string, string>();
  for (const [path, { stamp }] of copy) if (stamp !== undefined) stamps.set(path, stamp);
  return stamps;
}
