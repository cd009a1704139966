import { linkNoticeVersion, meSchema, whatsAppStatusSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../client/api-client.ts';
import { startLambdasFixture, type LambdasFixture, type TestUser } from './lambdas-fixture.ts';

let fixture: LambdasFixture;
let user: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  user = await fixture.newUser();
  await accept();
});

const accept = (version = linkNoticeVersion) =>
  user.api.request('/api/whatsapp/notice', { method: 'POST', body: { version }, answer: meSchema });
const get = () => user.api.request('/api/whatsapp', { answer: whatsAppStatusSchema });
const post = (action: 'connect' | 'disconnect') =>
  user.api.request(`/api/whatsapp/${action}`, { method: 'POST', answer: whatsAppStatusSchema });

describe('the notice before the link', () => {
  beforeEach(async () => {
    user = await fixture.newUser();
  });

  it('stands before everything: nothing begins until it is accepted', async () => {
    await expect(post('connect')).rejects.toMatchObject({
      problem: { status: 409, code: 'whatsapp_notice_not_accepted', remedy: expect.stringContaining('notice') },
    });
    expect(await get()).toMatchObject({ state: 'unlinked' });
    expect(await user.tenant.commands.open()).toEqual([]);
    await accept();
    expect((await post('connect')).state).toBe('starting');
  });

  it('is recorded once, with version and time', async () => {
    const before = new Date().toISOString();
    const { linkNotices } = await accept();
    expect(linkNotices).toEqual([{ version: linkNoticeVersion, acceptedAt: expect.any(String) }]);
    expect(linkNotices[0]?.acceptedAt.localeCompare(before)).toBeGreaterThanOrEqual(0);
    expect((await accept()).linkNotices).toEqual(linkNotices);
    expect((await user.api.request('/api/me', { answer: meSchema })).linkNotices).toEqual(linkNotices);
    const patched = user.api.request('/api/me', { method: 'PATCH', body: { linkNotices: [] } });
    await expect(patched).rejects.toMatchObject({ problem: { status: 400, code: 'invalid_request' } });
  });

  it('of another version than the current one is not accepted, and an older acceptance is not enough', async () => {
    for (const version of [linkNoticeVersion - 1, linkNoticeVersion + 1])
      await expect(accept(version)).rejects.toMatchObject({ problem: { status: version > 0 ? 409 : 400 } });
    await user.tenant.profile.acceptLinkNotice(linkNoticeVersion + 1);
    await expect(post('connect')).rejects.toMatchObject({ problem: { code: 'whatsapp_notice_not_accepted' } });
  });
});

describe('linking WhatsApp', () => {
  it('begins unlinked', async () => {
    expect(await get()).toMatchObject({ state: 'unlinked', simulated: true });
  });

  it('has one winner when two windows connect at once', async () => {
    const attempts = await Promise.allSettled([post('connect'), post('connect')]);
    const won = attempts.find((attempt) => attempt.status === 'fulfilled');
    const lost = attempts.find((attempt) => attempt.status === 'rejected');
    expect(won?.value.state).toBe('starting');
    expect(lost?.reason).toBeInstanceOf(ApiError);
    expect(lost?.reason).toMatchObject({ problem: { status: 409, code: 'whatsapp_already_connecting' } });
    const open = await user.tenant.commands.open();
    expect(open.map(({ command }) => command)).toEqual([{ kind: 'link.start' }]);
  });

  it('tells when the session was saved last, until it is forgotten', async () => {
    expect((await get()).savedAt).toBeUndefined();
    const { checkpointPointer } = user.tenant;
    const takenAt = '2026-11-24T10:00:20.000Z';
    await checkpointPointer.move({ epoch: 1, generation: 7, takenAt });
    expect((await get()).savedAt).toBe(takenAt);
    await checkpointPointer.move({ epoch: 1, generation: 7 });
    expect((await get()).savedAt).toBeUndefined();
  });

  it('shows the code to scan, and to its owner only', async () => {
    await post('connect');
    const qr = { code: '2@code', expiresAt: '2026-11-24T10:00:20.000Z' };
    await user.tenant.whatsapp.update(1, { state: 'qr', qr });
    expect(await get()).toMatchObject({ state: 'qr', qr });
    user = await fixture.newUser();
    expect((await get()).qr).toBeUndefined();
  });

  it('refuses to connect twice, and stops on request', async () => {
    await post('connect');
    const account = { phone: '5511970000001', name: 'Ana', platform: 'android' };
    await user.tenant.whatsapp.update(1, { state: 'linked', account });
    await expect(post('connect')).rejects.toMatchObject({ problem: { status: 409, code: 'whatsapp_already_linked' } });
    expect((await post('disconnect')).state).toBe('linked');
    const open = await user.tenant.commands.open();
    expect(open.at(-1)?.command).toEqual({ kind: 'link.stop' });
    expect(Object.keys(await get())).not.toContain('desired');
  });

  it('wants a token', async () => {
    user.api.accessToken = undefined;
    await expect(get()).rejects.toThrow(/401/);
  });
});
