import pLimit from 'p-limit';

export interface KeyedQueue {
  /** Runs tasks of one key one after the other, in the order of the calls; tasks of different keys run side by side. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Tasks that wait or run. */
  readonly size: number;
}

export function createKeyedQueue({ concurrency }: { concurrency: number }): KeyedQueue {
  const limit = pLimit(concurrency);
  const tails = new Map<string, Promise<unknown>>();
  let size = 0;

  return {
    get size() {
      return size;
    },
    run(key, task) {
      size++;
      const before = tails.get(key) ?? Promise.resolve();
      const outcome = before.then(() => limit(task));
      const tail = outcome
        .catch(() => undefined)
        .then(() => {
          size--;
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return outcome;
    },
  };
}
