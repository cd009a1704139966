import { setTimeout as delay } from 'node:timers/promises';

export interface StartGate {
  /** Waits for one's turn; `leave` makes room for the next and may be called more than once. */
  enter(): Promise<{ leave: () => void }>;
}

/**
 * So many browsers start at once at most, and none at the very moment at which everybody comes back: a herd of starting
 * browsers would time out together. The little wait comes before the gate, where it takes nobody's place.
 */
export function createStartGate({ width, jitterMs }: { width: number; jitterMs: number }): StartGate {
  let free = width;
  const waiting: (() => void)[] = [];

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  return {
    async enter() {
      await delay(Math.random() * jitterMs);
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let inside = true;
      return {
        leave() {
          if (!inside) return;
          inside = false;
          leave();
        },
      };
    },
  };
}
