import type { EngineSession } from '../engine/engine.ts';
import { reduceLink, type LinkEvent, type LinkStatus } from '../link/link-machine.ts';

/** What is known of a user's session through all its attempts. Times are milliseconds of a monotonic clock. */
export interface UserSessionState {
  status: LinkStatus;
  /** Of the attempt whose status is written. */
  generation?: number | undefined;
  /** The browser's session, and whether messages can be sent with it. */
  use: Use;
  /** When the newest browser was begun. */
  browserSince?: number | undefined;
  checkpointAt?: Date | undefined;
  /** The owner wants to link, and looks. */
  isWatched: boolean;
  /** The phone has the device no more. */
  isRemoved: boolean;
  /** When a fault of the host ended it. */
  faultAt?: number | undefined;
}

export interface Use {
  session: EngineSession | undefined;
  isReady: boolean;
}

export type UserSessionEvent =
  | { type: 'start'; interactive: boolean; status: LinkStatus }
  /** From now on the status is written for this attempt. */
  | { type: 'opened'; generation: number }
  | { type: 'link'; event: LinkEvent }
  /** There is no room for it. */
  | { type: 'refuse' }
  | { type: 'browser'; at: number }
  | ({ type: 'use' } & Use)
  | { type: 'saved'; takenAt: Date }
  | { type: 'forgotten' }
  | { type: 'removed'; isRemoved: boolean }
  | { type: 'fault'; at: number };

export const freshUserSession: UserSessionState = {
  status: { state: 'unlinked' },
  use: { session: undefined, isReady: false },
  isWatched: false,
  isRemoved: false,
};

/** What an event makes of a user's session. The same object is returned when it changes nothing. */
export function reduceUserSession(state: UserSessionState, event: UserSessionEvent): UserSessionState {
  switch (event.type) {
    case 'start':
      return {
        ...state,
        status: event.status,
        faultAt: undefined,
        isRemoved: false,
        // Also in an attempt that another life of the host began.
        isWatched: event.interactive || canPair(event.status),
      };
    case 'opened':
      return { ...state, generation: event.generation };
    case 'link': {
      const status = reduceLink(state.status, event.event);
      return status === state.status ? state : { ...state, status };
    }
    case 'refuse':
      return { ...state, status: { state: 'starting' } };
    case 'browser':
      return { ...state, browserSince: event.at };
    case 'use': {
      const { session, isReady } = event;
      const becomesReady = isReady && !state.use.isReady;
      return { ...state, use: { session, isReady }, isWatched: state.isWatched && !becomesReady };
    }
    case 'saved':
      return { ...state, checkpointAt: event.takenAt };
    case 'forgotten':
      return { ...state, checkpointAt: undefined };
    case 'removed':
      return { ...state, isRemoved: event.isRemoved };
    case 'fault':
      return { ...state, faultAt: event.at };
    default:
      return event satisfies never;
  }
}

/** Nothing has happened on the phone yet. */
export function canPair({ state }: LinkStatus): boolean {
  return state === 'starting' || state === 'qr' || state === 'code';
}
