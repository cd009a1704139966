import type { LinkState } from '@top-active/core/contracts';
import { healthyAt } from './link-health.ts';
import type { LinkEvent, LinkStatus } from './link-machine.ts';

/** One status of each state and one event of each kind, for the table of the machine and its tests. */

const account = { phone: '5511999990000', name: 'Clínica Aurora', platform: 'android' };
const health = healthyAt('2030-01-01T00:00:00.000Z');
const qr = { code: '2@abc,def', expiresAt: '2030-01-01T00:00:20.000Z' };
const passkey = {
  requestId: '0d4f6f0e-6f6b-4c1c-9a44-5f6f0f8f6d21',
  challenge: 'q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80',
  allowCredentials: [],
  extensions: { uvm: true },
  expiresAt: '2030-01-01T00:10:00.000Z',
  answered: false,
};
const pairing = { phone: '5511999990000', code: 'K7QX2MPD', expiresAt: '2030-01-01T00:03:00.000Z' };

export const sampleStatuses = {
  unlinked: { state: 'unlinked' },
  starting: { state: 'starting' },
  qr: { state: 'qr', qr },
  code: { state: 'code', pairing },
  scanned: { state: 'scanned' },
  passkey: { state: 'passkey', passkey },
  code_comparison: { state: 'code_comparison', comparisonCode: 'K7QX-2MPD' },
  syncing: { state: 'syncing', progress: 50 },
  linked: { state: 'linked', account, health },
  reconnecting: { state: 'reconnecting', account, health },
  qr_expired: { state: 'qr_expired' },
  logged_out: { state: 'logged_out' },
  failed: { state: 'failed', failure: 'browser_died' },
} satisfies Record<LinkState, LinkStatus>;

/** By the names that they have in the table. */
export const sampleEvents = {
  'start afresh': { type: 'start', resuming: false },
  'start resuming': { type: 'start', resuming: true },
  qr: { type: 'qr', ...qr, code: '2@new' },
  'qr-idle': { type: 'qr-idle' },
  pairing: { type: 'pairing', pairing: { ...pairing, code: 'ABCDEFGH' } },
  'pairing-left': { type: 'pairing-left' },
  scanned: { type: 'scanned' },
  passkey: { type: 'passkey', request: { ...passkey, challenge: 'another' } },
  'passkey-withdrawn': { type: 'passkey-withdrawn' },
  'comparison-code': { type: 'comparison-code', code: '9GHT-44WN' },
  progress: { type: 'progress', percent: 75 },
  ready: { type: 'ready', account, at: '2030-01-01T00:00:00.000Z' },
  battery: { type: 'battery', battery: { percent: 80, plugged: true, at: '2030-01-01T00:00:00.000Z' } },
  health: { type: 'health', found: { type: 'reception', state: 'failing' }, at: '2030-01-01T00:00:01.000Z' },
  reach: { type: 'reach', unreachableSince: '2030-01-01T00:00:00.000Z' },
  interrupted: { type: 'interrupted' },
  'logged-out': { type: 'logged-out' },
  'gave-up': { type: 'gave-up', failure: 'start_timeout' },
  stopped: { type: 'stopped' },
} satisfies Record<string, LinkEvent>;
