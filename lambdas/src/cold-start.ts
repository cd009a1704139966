/**
 * Makes something at the first call and keeps it: the work of a cold start, shared by concurrent callers. A failure is
 * not kept, so that the next call tries again.
 */
export function lazily<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= Promise.resolve()
      .then(make)
      .catch((error: unknown) => {
        made = undefined;
        throw error;
      });
    return made;
  };
}
