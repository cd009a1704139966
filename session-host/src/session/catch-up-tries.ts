import type { SessionLimits } from './browser-run-deps.ts';
import type { WatchEvent, WatchState, WatchStep } from './watch-state.ts';

type CatchUpEvent = Extract<WatchEvent, { type: 'catch-up-due' | 'caught-up' | 'catch-up-failed' }>;

/** With the pauses between them about an hour. */
const mostTries = 15;
const longestPauseMs = 5 * 60_000;

/** Tries of fetching what came meanwhile: later and later, and no more before the next ready after an hour. */
export function reduceCatchUp(state: WatchState, event: CatchUpEvent, limits: SessionLimits): WatchStep {
  switch (event.type) {
    case 'catch-up-due':
      return { state, effects: state.isClosed ? [] : [{ type: 'catch-up' }] };
    case 'caught-up':
      return { state: { ...state, catchUpFailures: 0 }, effects: [{ type: 'save' }] };
    case 'catch-up-failed':
      return tryAgain({ ...state, catchUpFailures: state.catchUpFailures + 1 }, event.error, limits);
    default:
      return event satisfies never;
  }
}

function tryAgain(state: WatchState, error: unknown, { catchUpRetryMs }: SessionLimits): WatchStep {
  const { catchUpFailures: failures, isClosed, isReady } = state;
  const stopTimer = { type: 'clear-timer', timer: 'catching-up' } as const;
  if (failures > mostTries) {
    const message = 'ALARM: what came meanwhile was not fetched, and is not tried again before the next ready';
    const effects = [
      stopTimer,
      { type: 'log', level: 'error', message, error },
      { type: 'count', metric: 'CatchUpFailures' },
    ] as const;
    return { state, effects: [...effects] };
  }
  const log = {
    type: 'log',
    level: 'warn',
    message: 'Catching up failed, tried again',
    fields: { failures },
    error,
  } as const;
  if (isClosed || !isReady) return { state, effects: [stopTimer, log] };
  const ms = Math.min(longestPauseMs, catchUpRetryMs * 2 ** (failures - 1));
  return {
    state,
    effects: [stopTimer, log, { type: 'set-timer', timer: 'catching-up', ms, event: { type: 'catch-up-due' } }],
  };
}
