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
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  const parts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  return Object.fromEntries(parts) as Parts;
}
