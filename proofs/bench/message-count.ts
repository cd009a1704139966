import type { MessageCount } from './fleet.ts';

/** Counts to a number, with the moment of the last one. */
export function createMessageCount(expected: number): MessageCount & { add(at: number): void } {
  let count = 0;
  let lastAt = 0;
  const all = Promise.withResolvers<void>();
  return {
    add(at) {
      count++;
      lastAt = Math.max(lastAt, at);
      if (count >= expected) all.resolve();
    },
    async taken(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([all.promise, late]);
      clearTimeout(timer);
      return { count, lastAt };
    },
  };
}
