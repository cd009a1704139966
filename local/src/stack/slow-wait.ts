/** Something at the start that takes longer than on a computer with nothing else to do. */
export interface SlowWait {
  /** Like `Loading the functions account, chats`. */
  what: string;
  /** How long it has been waited for. */
  forMs: number;
  /** When it is given up. Absent: it ends by itself. */
  limitMs?: number | undefined;
}

export type OnSlow = (wait: SlowWait) => void;

export interface TellingOptions {
  /** Read each time that it is told: what is still waited for may have become less. */
  what: () => string;
  limitMs?: number | undefined;
  onSlow: OnSlow;
  everyMs?: number | undefined;
}

const tellEveryMs = 15_000;

/** Does the work, and tells every 15 s that it isn't done yet: nobody should take a slow start for one that hangs. */
export async function waitTelling<T>(work: () => Promise<T>, options: TellingOptions): Promise<T> {
  const { what, limitMs, onSlow, everyMs = tellEveryMs } = options;
  const startedAt = performance.now();
  const timer = setInterval(() => onSlow({ what: what(), forMs: performance.now() - startedAt, limitMs }), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
