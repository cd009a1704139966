import { linkStates, type LinkState } from '@top-active/core/contracts';
import type { sampleEvents } from './link-samples.ts';

type EventName = keyof typeof sampleEvents;

export const eventNames: EventName[] = [
  'start afresh',
  'start resuming',
  'qr',
  'qr-idle',
  'pairing',
  'pairing-left',
  'scanned',
  'passkey',
  'passkey-withdrawn',
  'comparison-code',
  'progress',
  'ready',
  'battery',
  'health',
  'reach',
  'interrupted',
  'logged-out',
  'gave-up',
  'stopped',
];

type Cell = LinkState | '.';
type Row = Record<LinkState, Cell>;

/** Every state × every event. A dot: the status stays as it is. The cell of most states comes first. */
export const linkTable: Record<EventName, Row> = {
  'start afresh': all('starting', { starting: '.', code: 'code' }),
  'start resuming': all('reconnecting', { reconnecting: '.' }),
  qr: all('qr', { unlinked: '.', linked: '.', qr_expired: '.', logged_out: '.', failed: '.' }),
  'qr-idle': all('.', {
    starting: 'qr_expired',
    qr: 'qr_expired',
    code: 'qr_expired',
    scanned: 'qr_expired',
    passkey: 'qr_expired',
    code_comparison: 'qr_expired',
  }),
  pairing: all('.', { starting: 'code', qr: 'code', code: 'code' }),
  'pairing-left': all('.', { code: 'starting' }),
  scanned: all('.', { starting: 'scanned', qr: 'scanned', code: 'scanned' }),
  passkey: all('.', {
    starting: 'passkey',
    qr: 'passkey',
    code: 'passkey',
    scanned: 'passkey',
    passkey: 'passkey',
    code_comparison: 'passkey',
  }),
  'passkey-withdrawn': all('.', { passkey: 'starting' }),
  'comparison-code': all('.', {
    starting: 'code_comparison',
    qr: 'code_comparison',
    code: 'code_comparison',
    scanned: 'code_comparison',
    passkey: 'code_comparison',
    code_comparison: 'code_comparison',
  }),
  progress: all('syncing', {
    unlinked: '.',
    linked: '.',
    reconnecting: '.',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  }),
  ready: all('linked', { unlinked: '.', linked: '.', qr_expired: '.', logged_out: '.', failed: '.' }),
  battery: all('.', { linked: 'linked', reconnecting: 'reconnecting' }),
  health: all('.', { scanned: 'scanned', syncing: 'syncing', linked: 'linked', reconnecting: 'reconnecting' }),
  reach: all('.', { starting: 'starting', reconnecting: 'reconnecting' }),
  interrupted: all('.', {
    qr: 'starting',
    code: 'code',
    scanned: 'reconnecting',
    passkey: 'starting',
    code_comparison: 'starting',
    syncing: 'reconnecting',
    linked: 'reconnecting',
  }),
  'logged-out': all('logged_out', { unlinked: '.', qr_expired: '.', logged_out: '.', failed: '.' }),
  'gave-up': all('failed', { unlinked: '.', qr_expired: '.', logged_out: '.', failed: '.' }),
  stopped: all('unlinked', { unlinked: '.' }),
};

function all(cell: Cell, others: Partial<Row> = {}): Row {
  const row = Object.fromEntries(linkStates.map((state) => [state, others[state] ?? cell]));
  // oxlint-disable-next-line no-unsafe-type-assertion -- One for each state.
  return row as Row;
}
