import type { DeathCause, EngineEvent } from '../../engine.ts';
import type { Verdict } from '../liveness.ts';
import type { Heartbeat } from '../page-calls.ts';
import type { PageUpdate, UpdateLimits } from '../page-update.ts';
import type { Disconnection, ReconnectLimits } from '../reconnect.ts';

/** What is known of one client of the library in one browser. Times are milliseconds of a monotonic clock. */
export interface SessionState {
  /** `examined`: its start has failed, and the page is asked why. */
  phase: 'running' | 'examined' | 'ended';
  /** How far a QR code of WhatsApp's page has come; `none` in a session that is linked already. */
  code: 'none' | 'shown' | 'scanned';
  /** WhatsApp shows no more codes until it is asked to. */
  isIdle: boolean;
  /** Readiness was told and not taken back since. */
  isReady: boolean;
  /** From then on there is nothing to be linked. */
  wasReady: boolean;
  document: DocumentState;
  /** Since when the session has been waited for. */
  bootedAt: number;
  /** When something came or was sent last. */
  activeAt: number;
  /** The library is being told that the page is in sync. */
  isAnnouncing: boolean;
  /** WhatsApp is being asked whether it is there. */
  isAsking: boolean;
  disconnection?: Disconnection | undefined;
  update: PageUpdate;
  /** WhatsApp's own name of why it ends the link. */
  logoutReason?: string | undefined;
}

/** Of the document that is shown. */
interface DocumentState {
  /** The library listens to its messages. */
  isListening: boolean;
  syncedAt?: number | undefined;
  /** When the library last told `ready` of it. */
  toldReadyAt?: number | undefined;
}

/** What the browser shows; `other` is a page of its own, on why there is none of WhatsApp's. */
export type Shown = 'whatsapp' | 'other' | 'nothing';

/** A death as it is told, and what was shown then. */
interface Failure {
  cause: DeathCause;
  detail: string;
  shows: Shown;
}

export type SessionEvent =
  /** Another document has taken the page's place. */
  | { type: 'document'; at: number }
  | { type: 'qr'; code: string }
  /** WhatsApp is about to be asked for another code. */
  | { type: 'qr-wanted' }
  | { type: 'loading'; percent: number; at: number }
  /** The library says that it is ready. */
  | { type: 'told-ready'; at: number }
  /** The library says that the connection has become another; `state` in WhatsApp's words. */
  | { type: 'changed'; state: string }
  /** The library says that the connection is over. */
  | { type: 'disconnected'; reason: string }
  | { type: 'logout-reason'; reason: string }
  /** Something came or was sent. */
  | { type: 'active'; at: number }
  /** The owner has done a step: what follows may take as long as a start. */
  | { type: 'owner-acted'; at: number }
  /** What a heartbeat found, in the three steps in which it is taken in. */
  | { type: 'beat'; heartbeat: Heartbeat }
  | { type: 'looked-at-steps'; heartbeat: Heartbeat; at: number }
  | { type: 'witnessed'; heartbeat: Heartbeat; shouldAsk: boolean; at: number }
  /** How alive the session is after a heartbeat, or after one that didn't come. */
  | { type: 'judged'; verdict: Verdict; isForPerson: boolean; shows: Shown; at: number }
  | { type: 'update-read'; needsUpdate: boolean; at: number }
  | { type: 'announced' }
  | { type: 'asked' }
  /** Its start has failed. */
  | ({ type: 'start-failed' } & Failure)
  /** The page was asked why. `missing`: what it doesn't have any more. */
  | ({ type: 'examined'; missing: string[] } & Failure)
  | { type: 'incompatible'; missing: string[] }
  | { type: 'gone'; cause: 'browser_died' | 'page_crashed'; detail: string }
  | { type: 'stop' };

export type SessionEffect =
  | { type: 'tell'; event: EngineEvent }
  /** Asks the page at once how it is. */
  | { type: 'beat' }
  | { type: 'look-at-steps' }
  | { type: 'bear-witness'; isReady: boolean }
  | { type: 'look-at-sends' }
  | { type: 'look-at-capabilities' }
  /** Has the page try to connect. */
  | { type: 'poke' }
  | { type: 'read-update' }
  | { type: 'reload' }
  | { type: 'ask' }
  | { type: 'announce' }
  /** Tells that the account is ready, by what the library knows of it. */
  | { type: 'tell-ready' }
  /** Asks the page whether what failed can ever work. */
  | ({ type: 'examine' } & Omit<Failure, 'shows'>)
  /** Ends the session; `last` is told once its browser is gone. */
  | { type: 'close'; last?: EngineEvent };

export interface SessionLimits extends ReconnectLimits, UpdateLimits {
  /** Until the first QR code or readiness, and again after each reload of the page. */
  startTimeoutMs: number;
  /** In sync but not told so by the library for so long: tell the library. */
  announceAfterMs: number;
  /** The same when its functions are in the page already: it is at work there, or has failed at it. */
  announceWhileAttachingAfterMs: number;
}

export interface SessionStep {
  state: SessionState;
  /** To be carried out in this order. */
  effects: SessionEffect[];
}

export function freshSession(at: number): SessionState {
  return {
    phase: 'running',
    code: 'none',
    isIdle: false,
    isReady: false,
    wasReady: false,
    document: { isListening: false },
    bootedAt: at,
    activeAt: at,
    isAnnouncing: false,
    isAsking: false,
    update: {},
  };
}
