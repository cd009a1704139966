const longestSeconds = 900;
const settledSeconds = 10;
/** So that pages that lost their connections together don't come back together. */
const jitter = 0.1;

/**
 * Pauses between a page's tries to connect, as WhatsApp's page makes them: 1, 2, 3, 5 … 900 seconds, and anew after a
 * connection that held.
 */
export interface ReconnectPauses {
  /** Before the next try. Milliseconds. */
  next(): number;
  /** A connection has ended that had lasted for so long. Milliseconds. */
  ended(lastedMs: number): void;
  reset(): void;
}

/** @param scale by how much they are shorter than WhatsApp's own */
export function createReconnectPauses(scale: () => number): ReconnectPauses {
  let [current, following] = [1, 2];
  const reset = () => void ([current, following] = [1, 2]);
  return {
    next() {
      const seconds = Math.min(current, longestSeconds);
      [current, following] = [following, current + following];
      return seconds * 1000 * scale() * (1 - jitter + 2 * jitter * Math.random());
    },
    ended(lastedMs) {
      if (lastedMs >= settledSeconds * 1000 * scale()) reset();
    },
    reset,
  };
}
