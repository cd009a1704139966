import { linkStates, whatsAppStatusSchema, type LinkState } from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceLink, type LinkEvent, type LinkStatus } from './link-machine.ts';
import { sampleEvents, sampleStatuses } from './link-samples.ts';
import { eventNames, linkTable } from './link-table.ts';

const statuses: Record<LinkState, LinkStatus> = sampleStatuses;
const { account, health } = sampleStatuses.linked;
const { qr } = sampleStatuses.qr;
const { passkey } = sampleStatuses.passkey;
const { pairing } = sampleStatuses.code;

const events = sampleEvents;

describe('link machine', () => {
  for (const name of eventNames) {
    for (const state of linkStates) {
      const expected = linkTable[name][state];
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

  it('replaces one passkey request by the next', () => {
    expect(reduceLink(statuses.passkey, events.passkey)).toEqual({
      state: 'passkey',
      passkey: { ...passkey, challenge: 'another' },
    });
  });

  it('is the same after being told the same code twice', () => {
    const shown = reduceLink(statuses.scanned, events['comparison-code']);
    expect(reduceLink(shown, events['comparison-code'])).toBe(shown);
  });

  it('forgets a code with its browser, but not for which phone it was', () => {
    const wanted = { state: 'code', pairing: { phone: pairing.phone } };
    for (const name of ['interrupted', 'start afresh'] as const) {
      const after = reduceLink(statuses.code, events[name]);
      expect(after).toEqual(wanted);
      expect(reduceLink(after, events[name])).toBe(after);
    }
  });

  it('never lets progress go back', () => {
    expect(reduceLink({ state: 'syncing', progress: 80 }, events.progress)).toEqual({ state: 'syncing', progress: 80 });
  });

  it('is the same after being told ready twice', () => {
    const linked = reduceLink({ state: 'reconnecting', account }, events.ready);
    expect(reduceLink(linked, events.ready)).toBe(linked);
  });

  it('keeps what the phone told of its battery, and of no other phone', () => {
    const battery = { percent: 80, plugged: true, at: '2030-01-01T00:00:00.000Z' };
    const told = reduceLink(statuses.linked, { type: 'battery', battery });
    expect(told).toEqual({ state: 'linked', account: { ...account, battery }, health });
    expect(reduceLink(told, events.ready)).toBe(told);
    const back = reduceLink(reduceLink(told, events.interrupted), events.ready);
    expect(back).toEqual(told);
    const other = { ...account, phone: '5511988887777' };
    expect(reduceLink(told, { ...events.ready, account: other })).toEqual({ state: 'linked', account: other, health });
    expect(reduceLink(statuses.starting, { type: 'battery', battery })).toBe(statuses.starting);
  });

  it('keeps who is linked while it reconnects', () => {
    expect(reduceLink(statuses.linked, events.interrupted)).toEqual({ state: 'reconnecting', account, health });
  });

  it('keeps what is known of a link through the death of its browser, and forgets it with the link', () => {
    const failing = reduceLink(statuses.linked, events.health);
    expect(failing.health?.reception).toEqual({ state: 'failing', since: events.health.at });
    const back = reduceLink(reduceLink(failing, events.interrupted), events.ready);
    expect(back.health).toBe(failing.health);
    expect(reduceLink(failing, events['logged-out'])).toEqual({ state: 'logged_out' });
    expect(reduceLink(failing, events['start afresh'])).toEqual({ state: 'starting' });
  });

  it('knows of a first link what was found before it was ready', () => {
    const syncing = reduceLink(statuses.syncing, events.health);
    expect(reduceLink(syncing, events.ready).health?.reception.state).toBe('failing');
    expect(reduceLink(statuses.syncing, events.ready).health).toEqual(health);
  });

  it('says since when WhatsApp gives no connection, until it does', () => {
    const away = reduceLink(statuses.reconnecting, events.reach);
    expect(away.unreachableSince).toBe(events.reach.unreachableSince);
    const later = { ...events.reach, unreachableSince: '2030-01-01T00:09:00.000Z' };
    expect(reduceLink(away, later)).toBe(away);
    expect(reduceLink(away, { type: 'reach' })).toEqual(statuses.reconnecting);
    expect(reduceLink(away, events.ready)).not.toHaveProperty('unreachableSince');
  });

  it('names what ended a link, as long as the contract allows', () => {
    expect(reduceLink(statuses.linked, { type: 'logged-out', reason: 'account_locked' })).toEqual({
      state: 'logged_out',
      logoutReason: 'account_locked',
    });
    const incompatible = Array.from({ length: 30 }, () => 'WAWebMsgKey'.repeat(20));
    const failed = reduceLink(statuses.linked, { type: 'gave-up', failure: 'engine_incompatible', incompatible });
    expect(whatsAppStatusSchema.shape.incompatible.parse(failed.incompatible)).toHaveLength(20);
    expect(reduceLink(statuses.linked, { type: 'gave-up', failure: 'banned', incompatible })).toEqual({
      state: 'failed',
      failure: 'banned',
    });
  });

  const anyEvent: fc.Arbitrary<LinkEvent> = fc.constantFrom(...Object.values(events));

  it('shows a code, a failure and progress only in their own states, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (happenings) => {
        const status = happenings.reduce<LinkStatus>(reduceLink, { state: 'unlinked' });
        expect('qr' in status).toBe(status.state === 'qr');
        expect('pairing' in status).toBe(status.state === 'code');
        expect('failure' in status).toBe(status.state === 'failed');
        expect('passkey' in status).toBe(status.state === 'passkey');
        expect('comparisonCode' in status).toBe(status.state === 'code_comparison');
        expect('progress' in status).toBe(status.state === 'syncing');
        expect(status.account ?? account).toMatchObject(account);
        expect(status.state === 'linked' && status.account === undefined).toBe(false);
      }),
    );
  });
});
