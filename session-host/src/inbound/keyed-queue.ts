import pLimit from 'p-limit';

export interface KeyedQueue {
  /** Runs tasks of one key one after the other, in the order of the calls; tasks of different keys run side by side. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** What is added to `key` from now on also waits for everything that stands under `other` now. */
  wait(key: string, other: string): void;
  /** Tasks that wait or run. */
  readonly size: number;
}

export function createKeyedQueue({ concurrency }: { concurrency: number }): KeyedQueue {
  const limit = pLimit(concurrency);
  const tails = new Map<string, Promise<unknown>>();
  const lengths = new Map<string, number>();
  let size = 0;

  async function settle(key: string, outcome: Promise<unknown>): Promise<void> {
    // Only its place matters here; its failure is the caller's.
    await outcome.catch(() => undefined);
    size--;
    if (lengths.get(key) === 1) {
      tails.delete(key);
      lengths.delete(key);
    } else lengths.set(key, (lengths.get(key) ?? 1) - 1);
  }

  return {
    get size() {
      return size;
    },
    run: (key, task) => append(key, (before) => before.then(() => limit(task))),
    wait(key, other) {
      const waited = tails.get(other);
      // Takes no place among those that may run at once: it only waits.
      if (waited && key !== other) void append(key, (before) => before.then(() => waited));
    },
  };

  function append<T>(key: string, begin: (before: Promise<unknown>) => Promise<T>): Promise<T> {
    size++;
    lengths.set(key, (lengths.get(key) ?? 0) + 1);
    const outcome = begin(tails.get(key) ?? Promise.resolve());
    tails.set(key, settle(key, outcome));
    return outcome;
  }
}
