import type { CheckpointPointer } from '@top-active/aws';
import { keptGenerations } from './chain.ts';
import { compareAge, isBefore, sameChain, type CheckpointName } from './checkpoint-name.ts';

/**
 * Which of a user's stored checkpoints may be opened.
 * @param newest what is known of the newest one; undefined: nothing
 * @returns `usable`: newest first, the last few of each chain, since older ones lack packs that were collected;
 *   `forgotten`: how many there are of links that have ended
 */
export function candidatesIn(
  all: readonly CheckpointName[],
  newest: CheckpointPointer | undefined,
): { usable: CheckpointName[]; forgotten: number } {
  const isForgotten = (each: CheckpointName) =>
    newest !== undefined &&
    (isBefore(each, newest.link) || (newest.takenAt === undefined && compareAge(each, newest) <= 0));
  const remembered = all
    .filter((each) => !isForgotten(each))
    .toSorted(compareAge)
    .toReversed();
  const isKept = (each: CheckpointName) =>
    remembered.filter((other) => sameChain(other, each)).indexOf(each) < keptGenerations;
  return { usable: remembered.filter(isKept), forgotten: all.length - remembered.length };
}

/**
 * Stored checkpoints that are of no more use once one of `chain` is stored: of that chain what it doesn't need, and
 * every other chain but the one before it.
 * @param link the first checkpoint of the current link, where another link was before
 */
export function uselessIn(
  all: readonly CheckpointName[],
  { chain, needed, link }: { chain: CheckpointName; needed: ReadonlySet<number>; link: CheckpointPointer['link'] },
): CheckpointName[] {
  const before = all
    .filter((each) => !sameChain(each, chain) && !isBefore(each, link))
    .toSorted(compareAge)
    .at(-1);
  return all.filter((each) =>
    sameChain(each, chain) ? !needed.has(each.generation) : !before || !sameChain(each, before),
  );
}
