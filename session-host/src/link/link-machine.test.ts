import { linkStates, type LinkState } from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceLink, type LinkEvent, type LinkStatus } from './link-machine.ts';

const account = { phone: '5511999990000', name: 'Clínica Aurora', platform: 'android' };
const qr = { code: '2@abc,def', expiresAt: '2030-01-01T00:00:20.000Z' };

const statuses: Record<LinkState, LinkStatus> = {
  unlinked: { state: 'unlinked' },
  starting: { state: 'starting' },
  qr: { state: 'qr', qr },
  scanned: { state: 'scanned' },
  syncing: { state: 'syncing', progress: 50 },
  linked: { state: 'linked', account },
  reconnecting: { state: 'reconnecting', account },
  qr_expired: { state: 'qr_expired' },
  logged_out: { state: 'logged_out' },
  failed: { state: 'failed', failure: 'browser_died' },
};

const events = {
  'start afresh': { type: 'start', resuming: false },
  'start resuming': { type: 'start', resuming: true },
  qr: { type: 'qr', ...qr, code: '2@new' },
  'qr-idle': { type: 'qr-idle' },
  scanned: { type: 'scanned' },
  progress: { type: 'progress', percent: 75 },
  ready: { type: 'ready', account },
  interrupted: { type: 'interrupted' },
  'logged-out': { type: 'logged-out' },
  'gave-up': { type: 'gave-up', failure: 'start_timeout' },
  stopped: { type: 'stopped' },
} satisfies Record<string, LinkEvent>;

type EventName = keyof typeof events;

const eventNames: EventName[] = [
  'start afresh',
  'start resuming',
  'qr',
  'qr-idle',
  'scanned',
  'progress',
  'ready',
  'interrupted',
  'logged-out',
  'gave-up',
  'stopped',
];

/** Every state × every event. A dot: the status stays as it is. */
const table: Record<EventName, Record<LinkState, LinkState | '.'>> = {
  'start afresh': {
    unlinked: 'starting',
    starting: '.',
    qr: 'starting',
    scanned: 'starting',
    syncing: 'starting',
    linked: 'starting',
    reconnecting: 'starting',
    qr_expired: 'starting',
    logged_out: 'starting',
    failed: 'starting',
  },
  'start resuming': {
    unlinked: 'reconnecting',
    starting: 'reconnecting',
    qr: 'reconnecting',
    scanned: 'reconnecting',
    syncing: 'reconnecting',
    linked: 'reconnecting',
    reconnecting: '.',
    qr_expired: 'reconnecting',
    logged_out: 'reconnecting',
    failed: 'reconnecting',
  },
  qr: {
    unlinked: '.',
    starting: 'qr',
    qr: 'qr',
    scanned: 'qr',
    syncing: 'qr',
    linked: '.',
    reconnecting: 'qr',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  'qr-idle': {
    unlinked: '.',
    starting: 'qr_expired',
    qr: 'qr_expired',
    scanned: 'qr_expired',
    syncing: '.',
    linked: '.',
    reconnecting: '.',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  scanned: {
    unlinked: '.',
    starting: 'scanned',
    qr: 'scanned',
    scanned: '.',
    syncing: '.',
    linked: '.',
    reconnecting: '.',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  progress: {
    unlinked: '.',
    starting: 'syncing',
    qr: 'syncing',
    scanned: 'syncing',
    syncing: 'syncing',
    linked: '.',
    reconnecting: '.',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  ready: {
    unlinked: '.',
    starting: 'linked',
    qr: 'linked',
    scanned: 'linked',
    syncing: 'linked',
    linked: '.',
    reconnecting: 'linked',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  interrupted: {
    unlinked: '.',
    starting: '.',
    qr: 'starting',
    scanned: 'reconnecting',
    syncing: 'reconnecting',
    linked: 'reconnecting',
    reconnecting: '.',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  'logged-out': {
    unlinked: '.',
    starting: 'logged_out',
    qr: 'logged_out',
    scanned: 'logged_out',
    syncing: 'logged_out',
    linked: 'logged_out',
    reconnecting: 'logged_out',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  'gave-up': {
    unlinked: '.',
    starting: 'failed',
    qr: 'failed',
    scanned: 'failed',
    syncing: 'failed',
    linked: 'failed',
    reconnecting: 'failed',
    qr_expired: '.',
    logged_out: '.',
    failed: '.',
  },
  stopped: {
    unlinked: '.',
    starting: 'unlinked',
    qr: 'unlinked',
    scanned: 'unlinked',
    syncing: 'unlinked',
    linked: 'unlinked',
    reconnecting: 'unlinked',
    qr_expired: 'unlinked',
    logged_out: 'unlinked',
    failed: 'unlinked',
  },
};

describe('link machine', () => {
  for (const name of eventNames) {
    for (const state of linkStates) {
      const expected = table[name][state];
      it(`${state} + ${name} → ${expected === '.' ? 'unchanged' : expected}`, () => {
        const before = statuses[state];
        const after = reduceLink(before, events[name]);
        expect(after.state).toBe(expected === '.' ? state : expected);
        expect(after === before).toBe(expected === '.');
      });
    }
  }

  it('replaces one code by the next', () => {
    expect(reduceLink(statuses.qr, events.qr)).toEqual({ state: 'qr', qr: { code: '2@new', expiresAt: qr.expiresAt } });
  });

  it('never lets progress go back', () => {
    expect(reduceLink({ state: 'syncing', progress: 80 }, events.progress)).toEqual({ state: 'syncing', progress: 80 });
  });

  it('is the same after being told ready twice', () => {
    const linked = reduceLink({ state: 'reconnecting', account }, events.ready);
    expect(reduceLink(linked, events.ready)).toBe(linked);
  });

  it('keeps who is linked while it reconnects', () => {
    expect(reduceLink(statuses.linked, events.interrupted)).toEqual({ state: 'reconnecting', account });
  });

  const anyEvent: fc.Arbitrary<LinkEvent> = fc.constantFrom(...Object.values(events));

  it('shows a code, a failure and progress only in their own states, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (happenings) => {
        const status = happenings.reduce<LinkStatus>(reduceLink, { state: 'unlinked' });
        expect('qr' in status).toBe(status.state === 'qr');
        expect('failure' in status).toBe(status.state === 'failed');
        expect('progress' in status).toBe(status.state === 'syncing');
        expect(status.account ?? account).toEqual(account);
        expect(status.state === 'linked' && status.account === undefined).toBe(false);
      }),
    );
  });
});
