import { freshSession, type SessionEvent, type SessionLimits, type SessionState } from './session-state.ts';

/**
 * One session in each of its stages and one event of each kind, for the table of the machine. Its clock is at 100,000.
 */

export const limits: SessionLimits = {
  startTimeoutMs: 60_000,
  announceAfterMs: 2_000,
  announceWhileAttachingAfterMs: 15_000,
  pokeAfterMs: 20_000,
  pokeEveryMs: 25_000,
  updateQuietMs: 10_000,
  updateLatestMs: 100_000,
  updateAgainMs: 100_000,
};

const now = 100_000;
const before = 50_000;
const fresh = freshSession(before);
const listening = { isListening: true, syncedAt: before, toldReadyAt: before };
const linked = { ...fresh, wasReady: true, document: listening };

export const sampleSessions = {
  starting: fresh,
  code: { ...fresh, code: 'shown' },
  scanned: { ...fresh, code: 'scanned', document: { isListening: false, syncedAt: before } },
  ready: { ...linked, isReady: true },
  lost: { ...linked, disconnection: { since: before } },
  examined: { ...fresh, phase: 'examined' },
  ended: { ...fresh, phase: 'ended' },
} satisfies Record<string, SessionState>;

const heartbeat = { state: 'CONNECTED', hasSynced: true, injected: false };
const opening = { ...heartbeat, state: 'OPENING', hasSynced: false };
const failure = { cause: 'unknown', detail: 'Something', shows: 'whatsapp' } as const;
const judged = { type: 'judged', isForPerson: false, shows: 'whatsapp', at: now } as const;

/** By the names that they have in the table. */
export const sampleEvents = {
  'another document': { type: 'document', at: now },
  'a code': { type: 'qr', code: '2@abc' },
  'a code is wanted': { type: 'qr-wanted' },
  loading: { type: 'loading', percent: 40, at: now },
  'told ready': { type: 'told-ready', at: now },
  'told connected': { type: 'changed', state: 'CONNECTED' },
  'told opening': { type: 'changed', state: 'OPENING' },
  'told unpaired': { type: 'disconnected', reason: 'UNPAIRED' },
  'told conflict': { type: 'disconnected', reason: 'CONFLICT' },
  'a reason': { type: 'logout-reason', reason: 'account_locked' },
  'something came': { type: 'active', at: now },
  'the owner acted': { type: 'owner-acted', at: now },
  'beat, connected': { type: 'beat', heartbeat },
  'beat, idle': { type: 'beat', heartbeat: { ...opening, state: 'UNPAIRED_IDLE' } },
  'beat, banned': { type: 'beat', heartbeat: { ...opening, state: 'TOS_BLOCK' } },
  'steps seen, connected': { type: 'looked-at-steps', heartbeat, at: now },
  'steps seen, opening': { type: 'looked-at-steps', heartbeat: opening, at: now },
  'witnessed, connected': { type: 'witnessed', heartbeat, shouldAsk: true, at: now },
  'witnessed, opening': { type: 'witnessed', heartbeat: opening, shouldAsk: false, at: now },
  'judged connected': { ...judged, verdict: { state: 'connected' } },
  'judged disconnected': { ...judged, verdict: { state: 'disconnected', reason: 'no_tick' } },
  'judged dead': { ...judged, verdict: { state: 'dead', cause: 'connection_lost' } },
  'judged too late': { ...judged, verdict: { state: 'disconnected', reason: 'booting' }, at: 200_000 },
  'needs an update': { type: 'update-read', needsUpdate: true, at: now },
  'is the newest': { type: 'update-read', needsUpdate: false, at: now },
  announced: { type: 'announced' },
  asked: { type: 'asked' },
  'start failed': { type: 'start-failed', ...failure },
  'examined, lacks': { type: 'examined', ...failure, missing: ['WAWebMsgKey'] },
  'examined, lacks nothing': { type: 'examined', ...failure, missing: [] },
  incompatible: { type: 'incompatible', missing: ['WAWebMsgKey'] },
  'browser gone': { type: 'gone', cause: 'browser_died', detail: 'The browser is gone' },
  stop: { type: 'stop' },
} satisfies Record<string, SessionEvent>;
