import { statfsSync } from 'node:fs';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';

export function diskCheck(folder: string): Check {
  return {
    title: 'Disk',
    look() {
      const { bavail, bsize } = statfsSync(folder);
      return Promise.resolve(judgeDisk(bavail * bsize));
    },
  };
}

/** The stack refuses to start below 300 MB. */
export function judgeDisk(freeBytes: number): Finding {
  const seen = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes < 0.3e9) return fail(seen, 'Free at least 300 MB: the stack does not start with less.');
  if (freeBytes < 2e9)
    return warn(seen, 'Free some space: profiles and checkpoints of a few sessions take a gigabyte.');
  return ok(seen);
}
