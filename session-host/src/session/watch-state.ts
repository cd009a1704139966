import type { LogFields, MetricName } from '@top-active/aws';
import type { CapabilityReport } from '@top-active/core/contracts';
import type { Account, EngineEvent } from '../engine/engine.ts';
import type { LinkEvent, LinkFailure } from '../link/link-machine.ts';
import type { Outcome, SessionLimits } from './browser-run-deps.ts';

/** What is known of one browser's session while it runs. Times are milliseconds of a monotonic clock. */
export interface WatchState {
  /** From a checkpoint: a code isn't shown to anybody, since another link begins in an empty profile. */
  isRestored: boolean;
  begunAt: number;
  /** A code is what is wanted. */
  isLinking: boolean;
  /** How many were shown. */
  codes: number;
  /** The profile holds a session that the phone knows. */
  isLinked: boolean;
  /** What it means if WhatsApp shows codes anew: it hasn't liked the owner's passkey, or the phone not the code. */
  setback?: LinkFailure | undefined;
  isReady: boolean;
  /** When it was ready first. */
  readyAt?: number | undefined;
  account?: Account | undefined;
  /** One after the other, of looking for what came meanwhile. */
  catchUpFailures: number;
  /** The id of its process was logged. */
  isProcessKnown: boolean;
  /** It is about to end. What still comes is stored. */
  isClosed: boolean;
}

export type Timer = 'linking' | 'confirming' | 'catching-up';

export type WatchEvent =
  | EngineEvent
  /** Which process is whose: for people, and for whoever counts browsers. */
  | { type: 'process'; pid: number }
  /** A code to type on the phone is asked for: somebody is there. */
  | { type: 'code-asked' }
  /** Nobody has used the codes. */
  | { type: 'linking-over' }
  /** WhatsApp hasn't gone on after a step of the owner's. */
  | { type: 'confirming-over'; failure: LinkFailure }
  | { type: 'catch-up-due' }
  | { type: 'caught-up' }
  /** It isn't even known which chats there are. */
  | { type: 'catch-up-failed'; error: unknown }
  /** WhatsApp changes its state without telling of messages too. */
  | { type: 'save-due' }
  | { type: 'close' };

type Stored = Extract<
  EngineEvent,
  { type: 'message' | 'delivery' | 'edit' | 'revoke' | 'reaction' | 'poll' | 'unread' }
>;

export type WatchEffect =
  | { type: 'apply'; event: LinkEvent }
  | { type: 'end'; outcome: Outcome }
  /** The next browser may start. */
  | { type: 'pass-gate' }
  /** Shows a QR code, unless one to type is wanted instead. */
  | { type: 'offer-code'; code: string; lifetimeMs: number }
  /** The phone has acted. */
  | { type: 'pairing-done' }
  /** Tells whether the session can be used. */
  | { type: 'use'; isReady: boolean }
  | { type: 'begin-link' }
  | { type: 'catch-up' }
  | { type: 'store'; event: Stored }
  | { type: 'pause-inbound' }
  /** A checkpoint is wanted. */
  | { type: 'save' }
  | { type: 'note-build'; report: CapabilityReport }
  | { type: 'self-test'; build: string; account: Account }
  | { type: 'reception'; event: Extract<EngineEvent, { type: 'missed' | 'reception' }> }
  /** Another browser, unless there was one for the same reason not long ago. */
  | { type: 'begin-anew'; outcome: Outcome }
  | { type: 'set-timer'; timer: Timer; ms: number; event: WatchEvent }
  | { type: 'clear-timer'; timer: Timer }
  | { type: 'count'; metric: MetricName; value?: number | undefined }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; message: string; fields?: LogFields; error?: unknown };

export interface WatchContext {
  limits: SessionLimits;
  /** By a monotonic clock, in milliseconds. */
  at: number;
  /** The same instant as ISO 8601. */
  date: string;
  /** A code to type on the phone is wanted. */
  isPairing: boolean;
}

export interface WatchStep {
  state: WatchState;
  /** To be carried out in this order. */
  effects: WatchEffect[];
}

export function freshWatch({ isRestored, at }: { isRestored: boolean; at: number }): WatchState {
  return {
    isRestored,
    begunAt: at,
    isLinking: !isRestored,
    codes: 0,
    isLinked: false,
    isReady: false,
    catchUpFailures: 0,
    isProcessKnown: false,
    isClosed: false,
  };
}

/** A restored session goes on before it says so: its profile may hold what came meanwhile, and nobody else has. */
export function isWorthSaving({ isRestored, codes, isLinked }: WatchState): boolean {
  return isRestored ? codes === 0 : isLinked;
}

/** Ready for so long that earlier deaths are forgiven. */
export function wasStable({ readyAt }: WatchState, { at, limits }: Pick<WatchContext, 'at' | 'limits'>): boolean {
  return readyAt !== undefined && at - readyAt > limits.stableAfterMs;
}
