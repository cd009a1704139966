import { randomUUID } from 'node:crypto';
import type { LinkHealth } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { openTenant } from '../../test-support/tenants.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const account = { phone: '5511987654321', name: 'Ana', platform: 'android' };

describe('beginConnect', () => {
  it('has exactly one winner', async () => {
    const userId = randomUUID();
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, () => openTenant(db, { userId }).whatsapp.beginConnect()),
    );
    const refusals = attempts.filter(({ status }) => status === 'rejected');
    expect(refusals).toHaveLength(9);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ reason: { code: 'whatsapp_already_connecting', status: 409 } });
    const tenant = openTenant(db, { userId });
    expect(await tenant.whatsapp.get()).toMatchObject({ state: 'starting', desired: 'on', generation: 1 });
    expect((await tenant.commands.open()).map(({ command }) => command)).toEqual([{ kind: 'link.start' }]);
    expect(await tenant.events.last()).toBe(1);
  });

  it('refuses while linked, and begins anew after a failure or a forgotten attempt', async () => {
    let now = Date.UTC(2026, 10, 1);
    const { whatsapp } = openTenant(db, { now: () => now });
    await whatsapp.beginConnect();
    now += 119_000;
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({ code: 'whatsapp_already_connecting' });
    now += 2_000;
    expect((await whatsapp.beginConnect()).status.generation).toBe(2);
    await whatsapp.update(2, { state: 'linked', account });
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({ code: 'whatsapp_already_linked' });
    await whatsapp.update(2, { state: 'failed', failure: 'browser_died' });
    const { status } = await whatsapp.beginConnect();
    expect(status).toMatchObject({ state: 'starting', generation: 3 });
    expect(status.failure).toBeUndefined();
  });
});

describe('an account that WhatsApp restricts', () => {
  const until = '2026-11-02T12:00:00.000Z';
  const restricted: LinkHealth = {
    reception: { state: 'ok', since: '2026-11-01T00:00:00.000Z' },
    missing: [],
    restrictions: [
      { kind: 'reachout', level: 'limited', until },
      { kind: 'new_chats', level: 'warning', until: '2026-12-01T00:00:00.000Z' },
      { kind: 'new_chats', level: 'limited' },
    ],
  };

  it('is not linked anew before the end that WhatsApp named, and then is', async () => {
    let now = Date.UTC(2026, 10, 1);
    const { whatsapp } = openTenant(db, { now: () => now });
    await whatsapp.beginConnect();
    await whatsapp.update(1, { state: 'linked', account, health: restricted });
    expect((await whatsapp.get()).restrictedUntil).toBeUndefined();
    await whatsapp.update(1, { state: 'logged_out' });
    expect(await whatsapp.get()).toMatchObject({ state: 'logged_out', restrictedUntil: until });
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({ code: 'whatsapp_restricted', status: 409 });
    await whatsapp.requestStop();
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({ code: 'whatsapp_restricted' });
    now = Date.parse(until);
    const { status } = await whatsapp.beginConnect();
    expect(status.state).toBe('starting');
    expect(status.restrictedUntil).toBeUndefined();
  });

  it('is held back for a day where WhatsApp named no end, and linked before that by who knows of it', async () => {
    let now = Date.UTC(2026, 10, 1);
    const { whatsapp } = openTenant(db, { now: () => now });
    await whatsapp.beginConnect();
    const restrictions = [{ kind: 'reachout', level: 'limited' }] as const;
    await whatsapp.update(1, { state: 'linked', account, health: { ...restricted, restrictions: [...restrictions] } });
    await whatsapp.update(1, { state: 'logged_out' });
    const heldUntil = '2026-11-02T00:00:00.000Z';
    expect(await whatsapp.get()).toMatchObject({ heldUntil });
    now += 3_600_000;
    await whatsapp.requestStop();
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({
      code: 'whatsapp_restricted',
      status: 409,
      remedy: expect.stringContaining('despiteRestriction'),
    });
    // What was begun so and came to nothing is asked again.
    expect((await whatsapp.beginConnect({ despiteRestriction: true })).status).toMatchObject({ heldUntil });
    await whatsapp.update(2, { state: 'qr_expired' });
    await expect(whatsapp.beginConnect()).rejects.toMatchObject({ code: 'whatsapp_restricted' });
    now = Date.parse(heldUntil);
    expect((await whatsapp.beginConnect()).status.heldUntil).toBeUndefined();
  });

  it('is not linked before an end that WhatsApp named, whoever knows of it', async () => {
    const { whatsapp } = openTenant(db, { now: () => Date.UTC(2026, 10, 1) });
    await whatsapp.beginConnect();
    await whatsapp.update(1, { state: 'linked', account, health: restricted });
    await whatsapp.update(1, { state: 'logged_out' });
    expect(await whatsapp.get()).toMatchObject({ restrictedUntil: until, heldUntil: '2026-11-02T00:00:00.000Z' });
    const despite = whatsapp.beginConnect({ despiteRestriction: true });
    await expect(despite).rejects.toMatchObject({ code: 'whatsapp_restricted' });
  });

  it('is held back no more once it is linked again and nothing is restricted', async () => {
    const { whatsapp } = openTenant(db, { now: () => Date.UTC(2026, 10, 1) });
    await whatsapp.beginConnect();
    const restrictions = [{ kind: 'reachout' as const, level: 'limited' as const }];
    await whatsapp.update(1, { state: 'linked', account, health: { ...restricted, restrictions } });
    await whatsapp.update(1, { state: 'logged_out' });
    await whatsapp.beginConnect({ despiteRestriction: true });
    await whatsapp.update(2, { state: 'linked', account, health: { ...restricted, restrictions: [] } });
    await whatsapp.update(2, { state: 'logged_out' });
    expect((await whatsapp.get()).heldUntil).toBeUndefined();
    expect((await whatsapp.beginConnect()).status.state).toBe('starting');
  });

  it('goes on from what is saved of it', async () => {
    const { whatsapp } = openTenant(db, { now: () => Date.UTC(2026, 10, 1) });
    await whatsapp.beginConnect();
    await whatsapp.update(1, { state: 'linked', account, health: restricted });
    await whatsapp.update(1, { state: 'failed', failure: 'idle' });
    expect((await whatsapp.beginConnect()).status).toMatchObject({ state: 'starting' });
  });
});

describe('update', () => {
  it('takes reports of the current attempt only, and tells of changes only', async () => {
    const { whatsapp, events } = openTenant(db);
    await whatsapp.beginConnect();
    const qr = { code: '2@abc', expiresAt: '2026-11-24T10:00:20.000Z' };
    expect(await whatsapp.update(1, { state: 'qr', qr })).toBe(true);
    expect(await whatsapp.update(1, { state: 'qr', qr })).toBe(true);
    expect(await whatsapp.update(0, { state: 'linked', account })).toBe(false);
    expect(await whatsapp.update(2, { state: 'linked', account })).toBe(false);
    expect(await whatsapp.get()).toMatchObject({ state: 'qr', qr });
    expect(await events.last()).toBe(2);
  });

  it('notes checkpoints without an event, while linked', async () => {
    const { whatsapp, events } = openTenant(db);
    await whatsapp.beginConnect();
    const at = '2026-11-24T10:00:00.000Z';
    expect(await whatsapp.noteCheckpoint(1, at)).toBe(false);
    await whatsapp.update(1, { state: 'linked', account });
    expect(await whatsapp.noteCheckpoint(1, at)).toBe(true);
    await whatsapp.update(1, { state: 'reconnecting' });
    expect(await whatsapp.get()).toMatchObject({ checkpointAt: at, account, state: 'reconnecting' });
    expect(await events.last()).toBe(3);
  });

  it('shows how a link fares while it is up, and writes nothing when nothing changed', async () => {
    const { whatsapp, events } = openTenant(db);
    await whatsapp.beginConnect();
    const health = {
      reception: { state: 'late', since: '2026-11-24T10:00:00.000Z' },
      page: { build: '2.3000.1048032155', since: '2026-11-24T10:00:00.000Z' },
      missing: ['media'],
      restrictions: [{ kind: 'new_chats', level: 'warning', quota: { total: 10, used: 8 } }],
    } satisfies LinkHealth;
    await whatsapp.update(1, { state: 'linked', account, health });
    await whatsapp.update(1, { state: 'linked', account, health: structuredClone(health) });
    expect(await whatsapp.get()).toMatchObject({ state: 'linked', health });
    expect(await events.last()).toBe(2);
    const unreachableSince = '2026-11-24T10:10:00.000Z';
    await whatsapp.update(1, { state: 'reconnecting', unreachableSince });
    expect(await whatsapp.get()).toMatchObject({ state: 'reconnecting', health, unreachableSince });
    await whatsapp.update(1, { state: 'logged_out', logoutReason: 'account_locked' });
    const { health: known, logoutReason, unreachableSince: since } = await whatsapp.get();
    expect({ known, logoutReason, since }).toEqual({ logoutReason: 'account_locked' });
  });

  it('names what the page lacks only of a link that failed for it', async () => {
    const { whatsapp } = openTenant(db);
    await whatsapp.beginConnect();
    const incompatible = ['WAWebMsgKey'];
    await whatsapp.update(1, { state: 'failed', failure: 'engine_incompatible', incompatible });
    expect(await whatsapp.get()).toMatchObject({ failure: 'engine_incompatible', incompatible });
    await whatsapp.update(1, { state: 'failed', failure: 'browser_died', incompatible });
    expect(await whatsapp.get()).not.toHaveProperty('incompatible');
  });
});

describe('requestStop', () => {
  it('asks the host to stop a session and leaves the rest to it', async () => {
    const { whatsapp, commands } = openTenant(db);
    await whatsapp.beginConnect();
    await whatsapp.update(1, { state: 'linked', account });
    const { status, commandId } = await whatsapp.requestStop();
    expect(status).toMatchObject({ state: 'linked', desired: 'off', generation: 1 });
    expect((await commands.get(commandId ?? ''))?.command).toEqual({ kind: 'link.stop' });
    expect(await whatsapp.update(1, { state: 'unlinked' })).toBe(true);
    expect((await whatsapp.requestStop()).commandId).toBeUndefined();
  });

  it('ends what no session is left of at once', async () => {
    const { whatsapp } = openTenant(db);
    expect((await whatsapp.requestStop()).status).toMatchObject({ state: 'unlinked', desired: 'off' });
    await whatsapp.beginConnect();
    await whatsapp.update(1, { state: 'qr_expired' });
    expect((await whatsapp.requestStop()).status).toMatchObject({ state: 'unlinked', desired: 'off' });
  });
});
