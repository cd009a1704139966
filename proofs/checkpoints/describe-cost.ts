import type { CheckpointCost, Sample } from './measure-cost.ts';

export interface DescribedCost {
  /** "4.1 MB to 6.9 MB" */
  profile: string;
  /** One row of the table. */
  row: Record<string, string>;
}

/** What a checkpoint costs, for people. */
export function describeCost({ profile, samples, failedZips, restoreMs }: CheckpointCost): DescribedCost {
  return {
    profile: `${sizeOf(profile.before)} to ${sizeOf(profile.after)}`,
    row: {
      'first of a chain': describeSamples(samples.full),
      'nothing new': describeSamples(samples.unchanged),
      'after 1 message': describeSamples(samples.one),
      'after 100 messages': describeSamples(samples.hundred),
      'RemoteAuth, any time': `${describeSamples(samples.zip)}${failedZips > 0 ? `; ${failedZips} more failed` : ''}`,
      restore: `${restoreMs.toFixed(0)} ms`,
    },
  };
}

/** Median and mean of bytes, median of the time. A mean tells what compactions add now and then. */
function describeSamples(samples: readonly Sample[]): string {
  const bytes = samples.map((sample) => sample.bytes);
  const mean = bytes.reduce((a, b) => a + b, 0) / bytes.length;
  const time = `${median(samples.map(({ ms }) => ms)).toFixed(0)} ms`;
  return `${sizeOf(median(bytes))} (mean ${sizeOf(mean)}), ${time}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function sizeOf(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1000).toFixed(1)} kB`;
}
