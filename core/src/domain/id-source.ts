import { monotonicFactory } from 'ulid';

/** Makes ULIDs, each later than the one before, also within the same millisecond. */
export function createIdSource(now: () => number): () => string {
  const next = monotonicFactory();
  return () => next(now());
}
