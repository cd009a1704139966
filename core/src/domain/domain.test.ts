import { describe, expect, it } from 'vitest';
import { deliveryStates } from '../contracts/chats.ts';
import { meSchema } from '../contracts/me.ts';
import type { WhatsAppStatus } from '../contracts/whatsapp.ts';
import { defaultProfile } from './default-profile.ts';
import { advances } from './delivery.ts';
import { nextLinkStatus } from './link-status.ts';
import { shardOf } from './shard.ts';
import { canonicalWaId } from './wa-id.ts';

describe('ticks', () => {
  it('only move forward, and fail only before delivery', () => {
    const allowed = deliveryStates.flatMap((from) =>
      deliveryStates.filter((to) => advances(from, to)).map((to) => `${from}>${to}`),
    );
    expect(allowed).toEqual([
      'pending>sent',
      'pending>delivered',
      'pending>read',
      'pending>failed',
      'sent>delivered',
      'sent>read',
      'sent>failed',
      'delivered>read',
    ]);
  });
});

describe('canonicalWaId', () => {
  it.each([
    ['5511998765432@c.us', '551198765432@c.us'],
    ['551198765432@c.us', '551198765432@c.us'],
    ['5511998765432@s.whatsapp.net', '551198765432@c.us'],
    ['5511998765432:12@s.whatsapp.net', '551198765432@c.us'],
    // A landline never had a ninth digit, so a number that would become one keeps it.
    ['5511923456789@c.us', '5511923456789@c.us'],
    ['551132654321@c.us', '551132654321@c.us'],
    ['14155550123@c.us', '14155550123@c.us'],
    ['128849273645182@lid', '128849273645182@lid'],
    ['128849273645182:3@lid', '128849273645182@lid'],
    ['120363041234567890@g.us', '120363041234567890@g.us'],
  ])('%s is %s', (waId, expected) => {
    expect(canonicalWaId(waId)).toBe(expected);
  });
});

describe('nextLinkStatus', () => {
  const qr = { code: '2@abc', expiresAt: '2026-11-24T10:00:20.000Z' };
  const account = { phone: '5511998765432', name: 'Ana', platform: 'android' };
  const starting: WhatsAppStatus = { state: 'starting', since: at(0), simulated: true };

  it('walks through linking, keeping only what each state has', () => {
    const shown = nextLinkStatus(starting, { state: 'qr', qr }, at(1));
    expect(shown).toEqual({ state: 'qr', since: at(1), qr, simulated: true });
    const renewed = nextLinkStatus(shown, { state: 'qr', qr: { ...qr, code: '2@def' } }, at(2));
    expect(renewed).toMatchObject({ since: at(1), qr: { code: '2@def' } });
    const scanned = nextLinkStatus(renewed, { state: 'scanned', account }, at(3));
    expect(scanned).toEqual({ state: 'scanned', since: at(3), account, simulated: true });
    const syncing = nextLinkStatus(scanned, { state: 'syncing', progress: 40 }, at(4));
    expect(syncing).toMatchObject({ progress: 40, account });
    const linked = nextLinkStatus(syncing, { state: 'linked' }, at(5));
    expect(linked).toEqual({ state: 'linked', since: at(5), account, linkedAt: at(5), simulated: true });
    const lost = nextLinkStatus(linked, { state: 'reconnecting' }, at(6));
    expect(lost).toMatchObject({ account, linkedAt: at(5) });
    expect(nextLinkStatus(lost, { state: 'linked' }, at(7))).toMatchObject({ since: at(7), linkedAt: at(5) });
    expect(nextLinkStatus(linked, { state: 'logged_out' }, at(8))).toEqual({
      state: 'logged_out',
      since: at(8),
      simulated: true,
    });
  });

  it('says since when WhatsApp cannot be reached, and why it has logged the device out, only where that is so', () => {
    const linked: WhatsAppStatus = { state: 'linked', since: at(0), account, linkedAt: at(0), simulated: true };
    const lost = nextLinkStatus(linked, { state: 'reconnecting', unreachableSince: at(1) }, at(1));
    expect(lost).toMatchObject({ state: 'reconnecting', unreachableSince: at(1) });
    expect(nextLinkStatus(lost, { state: 'linked' }, at(2))).toEqual({ ...linked, since: at(2) });
    const out = nextLinkStatus(linked, { state: 'logged_out', logoutReason: 'account_locked' }, at(3));
    expect(out).toMatchObject({ logoutReason: 'account_locked' });
    expect(nextLinkStatus(out, { state: 'starting' }, at(4))).not.toHaveProperty('logoutReason');
  });

  it('always says why it failed', () => {
    expect(nextLinkStatus(starting, { state: 'failed' }, at(1)).failure).toBe('unknown');
    expect(nextLinkStatus(starting, { state: 'failed', failure: 'refused' }, at(1)).failure).toBe('refused');
  });
});

describe('defaults', () => {
  it('make a valid profile', () => {
    const me = {
      ...defaultProfile,
      id: '0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11',
      email: 'ana@example.com',
      name: 'Ana',
      locale: 'pt-BR',
      createdAt: '2026-11-24T10:00:00.000Z',
    };
    expect(meSchema.safeParse(me).success).toBe(true);
  });
});

describe('shardOf', () => {
  it('is stable and spreads users evenly', () => {
    expect(shardOf('0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11', 16)).toBe(
      shardOf('0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11', 16),
    );
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 16_000; i++) {
      const shard = shardOf(`user-${i}`, 16);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});

function at(second: number): string {
  return new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();
}
