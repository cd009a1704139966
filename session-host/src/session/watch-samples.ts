import type { CapabilityReport } from '@top-active/core/contracts';
import type { SessionLimits } from './browser-run-deps.ts';
import { freshWatch, type WatchContext, type WatchEvent, type WatchState } from './watch-state.ts';

/**
 * One session in each of its stages and one event of each kind, for the table of the machine. Its clock is at 100,000.
 */

const limits: SessionLimits = {
  checkpointIntervalMs: 1_000,
  noteCheckpointIntervalMs: 60_000,
  firstQrMs: 60_000,
  nextQrMs: 20_000,
  pairingCodeMs: 180_000,
  linkingMs: 300_000,
  passkeyAnswerMs: 45_000,
  stableAfterMs: 600_000,
  catchUpRetryMs: 5_000,
  comeUpToUnlinkMs: 20_000,
  afterFaultMs: 60_000,
  restartSilentMs: 3_600_000,
};

export const sampleContext: WatchContext = {
  limits,
  at: 100_000,
  date: '2030-01-01T00:00:00.000Z',
  isPairing: false,
};

export const account = { phone: '5511999990000', name: 'Clínica Aurora', platform: 'android' };
const fresh = freshWatch({ isRestored: false, at: 40_000 });
const ready = { ...fresh, isLinking: false, codes: 2, isLinked: true, isReady: true, readyAt: 60_000, account };

export const sampleWatches = {
  starting: fresh,
  code: { ...fresh, codes: 1 },
  signed: { ...fresh, codes: 1, setback: 'passkey_rejected' },
  linked: { ...fresh, codes: 1, isLinked: true },
  ready,
  lost: { ...ready, isReady: false },
  restored: freshWatch({ isRestored: true, at: 40_000 }),
  closed: { ...ready, isReady: false, isClosed: true },
} satisfies Record<string, WatchState>;

const request = {
  requestId: '0d4f6f0e-6f6b-4c1c-9a44-5f6f0f8f6d21',
  challenge: 'q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80',
  allowCredentials: [],
  extensions: {},
  expiresAt: '2030-01-01T00:10:00.000Z',
  answered: false,
};
const ok = { state: 'ok' } as const;
const report: CapabilityReport = {
  build: '2.3000.1',
  at: '2030-01-01T00:00:00.000Z',
  capabilities: {
    ack: ok,
    chat_list: ok,
    contact: ok,
    edit: ok,
    history: ok,
    identity: ok,
    linking: ok,
    media: ok,
    reaction: ok,
    receive: ok,
    restriction: ok,
    revoke: ok,
    send: ok,
  },
  repairs: [],
};
const place = { peer: '5511988887777@c.us', stanzaId: '3EB0' };

/** By the names that they have in the table. */
export const sampleEvents = {
  'a code': { type: 'qr', code: '2@abc' },
  'codes are over': { type: 'qr-idle' },
  'a code to type': { type: 'code-asked' },
  'nobody scans': { type: 'linking-over' },
  'nothing goes on': { type: 'confirming-over', failure: 'passkey_rejected' },
  'passkey asked': { type: 'passkey', request },
  'passkey expired': { type: 'passkey-ended', why: 'expired' },
  'passkey withdrawn': { type: 'passkey-ended', why: 'withdrawn' },
  'passkey signed': { type: 'passkey-answered', outcome: 'signed' },
  'passkey refused': { type: 'passkey-answered', outcome: 'refused' },
  'a code to compare': { type: 'comparison-code', code: 'K7QX-2MPD' },
  'the same code': { type: 'code-compared', matches: true },
  'another code': { type: 'code-compared', matches: false },
  scanned: { type: 'scanned' },
  progress: { type: 'progress', percent: 40 },
  ready: { type: 'ready', account },
  battery: { type: 'battery', percent: 80, plugged: true },
  disconnected: { type: 'disconnected', reason: 'no_tick' },
  unread: { type: 'unread', peer: place.peer, unread: 2 },
  'a refused send': { type: 'delivery', ...place, delivery: 'failed', failure: 'refused' },
  unreadable: { type: 'unreadable', why: 'no id' },
  missed: { type: 'missed', level: 'deaf', messages: 1 },
  reception: { type: 'reception', state: 'late' },
  'page silent': { type: 'page-silent' },
  capabilities: { type: 'capabilities', report },
  restrictions: { type: 'restrictions', restrictions: [] },
  'logged out': { type: 'logged-out' },
  died: { type: 'died', cause: 'browser_died', detail: 'The browser is gone' },
  process: { type: 'process', pid: 42 },
  'catch-up due': { type: 'catch-up-due' },
  'caught up': { type: 'caught-up' },
  'catch-up failed': { type: 'catch-up-failed', error: new Error('No') },
  'save due': { type: 'save-due' },
  close: { type: 'close' },
} satisfies Record<string, WatchEvent>;
