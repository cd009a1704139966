import type { Clock } from '@top-active/session-host/placement/lease-keeper';

/** True time, in milliseconds, that moves only from one thing to the next. */
export interface SimulatedTime {
  readonly now: number;
  /** Runs `work` after so long; together with what it sets off at once. */
  after(ms: number, work: () => void): void;
  /** Lets everything happen until then; `check` is asked after each thing, and ten times a second. */
  runUntil(end: number, check: () => void): Promise<void>;
}

export function createSimulatedTime(): SimulatedTime {
  let now = 0;
  let due: { at: number; work: () => void }[] = [];

  return {
    get now() {
      return now;
    },
    after(ms, work) {
      due.push({ at: now + Math.max(0, ms), work });
    },
    async runUntil(end, check) {
      for (let next = nextMoment(); next <= end; next = nextMoment()) {
        now = next;
        const ready = due.filter(({ at }) => at <= now);
        due = due.filter(({ at }) => at > now);
        for (const { work } of ready) work();
        if (ready.length > 0) await settled();
        check();
      }
      now = end;
    },
  };

  function nextMoment(): number {
    return Math.min(now + 100, ...due.map(({ at }) => at));
  }
}

/** Everything that only waits for promises has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clock of one machine: it runs at a speed of its own, and shows another time of day. */
export function createSimulatedClock(
  time: SimulatedTime,
  { rate, skewMs, run }: { rate: number; skewMs: number; run: (work: () => void) => void },
): Clock {
  return {
    now: () => time.now * rate,
    wall: () => 1_790_000_000_000 + time.now + skewMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        time.after(ms / rate, () => run(resolve));
      }),
  };
}
