import { vi } from 'vitest';

/** From here on only the test moves the clock, also for what is imported from `node:timers/promises`. */
export function useTestClock(now: Date = new Date('2030-01-01T12:00:00.000Z')): void {
  vi.useFakeTimers({ now, fakeNodeBuiltins: true });
}
