import { setTimeout as delay } from 'node:timers/promises';

/** Pauses between the browsers of one session. */
export interface BackOff {
  /** Resolves after so long, or when it is cut short. */
  wait(ms: number): Promise<void>;
  /** Ends the pause that runs, if any. */
  cutShort(): void;
}

export function createBackOff(): BackOff {
  let pause = new AbortController();
  return {
    async wait(ms) {
      pause = new AbortController();
      // It rejects only when it is cut short.
      await delay(ms, undefined, { signal: pause.signal }).catch(() => undefined);
    },
    cutShort: () => pause.abort(),
  };
}
