import type { Closers } from './closers.ts';

interface Part {
  close(): Promise<unknown>;
}

/**
 * Starts parts at the same time and registers each to be closed, also when another one of them fails.
 * @throws what the first failing one threw, once none of them is still starting.
 */
export async function startSideBySide<Parts extends Readonly<Record<string, Part>>>(
  closers: Closers,
  starts: { [Name in keyof Parts]: () => Promise<Parts[Name]> },
): Promise<Parts> {
  const outcomes = await Promise.allSettled(
    Object.entries(starts).map(async ([name, start]: [string, () => Promise<Part>]) => {
      const part = await start();
      closers.add(() => part.close());
      return [name, part] as const;
    }),
  );
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const parts: Readonly<Record<string, Part>> = Object.fromEntries(started);
  const isComplete = (found: typeof parts): found is Parts => Object.keys(starts).every((name) => name in found);
  if (isComplete(parts)) return parts;
  throw outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
}
