export interface Closers {
  /** Registers what must be closed; closed in reverse order. */
  add(close: () => Promise<unknown> | void): void;
  /** Closes everything, even when one of them fails. @throws AggregateError of what failed. */
  closeAll(): Promise<void>;
}

/** Remembers what was started, so that a failed start and an end both leave nothing behind. */
export function createClosers(): Closers {
  const closers: (() => Promise<unknown> | void)[] = [];
  return {
    add(close) {
      closers.push(close);
    },
    async closeAll() {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
    },
  };
}
