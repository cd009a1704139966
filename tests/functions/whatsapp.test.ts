import { randomUUID } from 'node:crypto';
import { linkNoticeVersion, meSchema, whatsAppStatusSchema, type PasskeyRequest } from '@top-active/core/contracts';
import { createSoftwarePasskey } from '@top-active/core/test-support';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError } from '@top-active/local/client/api-client';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { storedText } from '../support/stored-text.ts';

let fixture: LambdasFixture;
let user: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const accept = (version = linkNoticeVersion) =>
  user.api.request('/api/whatsapp/notice', { method: 'POST', body: { version }, answer: meSchema });
const get = () => user.api.request('/api/whatsapp', { answer: whatsAppStatusSchema });
const orders = async () => (await user.tenant.commands.open()).map(({ command }) => command);
const codePath = '/api/whatsapp/pairing-code';
const pair = (phone: string) =>
  user.api.request(codePath, { method: 'POST', body: { phone }, answer: whatsAppStatusSchema });
const leave = () => user.api.request(codePath, { method: 'DELETE' });
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
  beforeEach(async () => {
    user = await fixture.newUser();
    await accept();
  });

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

  it('holds an account back that WhatsApp restricts without an end, until its owner says that it is to be linked all the same', async () => {
    await post('connect');
    const account = { phone: '5511970000001', name: 'Ana', platform: 'android' };
    const reception = { state: 'ok', since: new Date().toISOString() } as const;
    const restrictions = [{ kind: 'reachout' as const, level: 'limited' as const }];
    await user.tenant.whatsapp.update(1, {
      state: 'linked',
      account,
      health: { reception, missing: [], restrictions },
    });
    await user.tenant.whatsapp.update(1, { state: 'logged_out' });
    expect(Date.parse((await get()).heldUntil ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
    const held = { status: 409, code: 'whatsapp_restricted', remedy: expect.stringContaining('despiteRestriction') };
    await expect(post('connect')).rejects.toMatchObject({ problem: held });
    await expect(pair('11912345678')).rejects.toMatchObject({ problem: held });
    const despite = { method: 'POST', answer: whatsAppStatusSchema, body: { despiteRestriction: true } } as const;
    expect((await user.api.request('/api/whatsapp/connect', despite)).state).toBe('starting');
    await user.tenant.whatsapp.update(2, { state: 'qr_expired' });
    const request = { ...despite, body: { phone: '11912345678', despiteRestriction: true } };
    expect((await user.api.request(codePath, request)).state).toBe('starting');
    const wrong = user.api.request('/api/whatsapp/connect', { method: 'POST', body: { despiteRestriction: 'sim' } });
    await expect(wrong).rejects.toMatchObject({ problem: { status: 400, code: 'invalid_request' } });
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

  it('begins by a code to type, in one request, with the number in any spelling', async () => {
    expect((await pair('(011) 91234-5678')).state).toBe('starting');
    expect(await orders()).toEqual([{ kind: 'link.start' }, { kind: 'link.pair', phone: '5511912345678' }]);
  });

  it('goes from the QR code to a code to type and back', async () => {
    await post('connect');
    await user.tenant.whatsapp.update(1, {
      state: 'qr',
      qr: { code: '2@code', expiresAt: '2026-11-24T10:00:20.000Z' },
    });
    await leave();
    expect(await orders()).toEqual([{ kind: 'link.start' }]);
    await pair('+351 912 345 678');
    const pairing = { phone: '351912345678', code: 'K7QX2MPD', expiresAt: '2026-11-24T10:03:00.000Z' };
    await user.tenant.whatsapp.update(1, { state: 'code', pairing });
    expect(await get()).toMatchObject({ state: 'code', pairing });
    expect((await get()).qr).toBeUndefined();
    await leave();
    expect((await orders()).slice(1)).toEqual([{ kind: 'link.pair', phone: pairing.phone }, { kind: 'link.qr' }]);
  });

  it('names the field of a wrong number and what to do, and begins nothing', async () => {
    await expect(pair('(20) 91234-5678')).rejects.toMatchObject({
      problem: {
        status: 400,
        code: 'invalid_request',
        errors: [{ field: 'phone', message: expect.stringMatching(/area code .* does not use: begin with/) }],
      },
    });
    expect(await get()).toMatchObject({ state: 'unlinked' });
    expect(await orders()).toEqual([]);
  });

  it('gives no code once the phone has acted, nor without the notice', async () => {
    await post('connect');
    await user.tenant.whatsapp.update(1, { state: 'scanned' });
    await expect(pair('11912345678')).rejects.toMatchObject({ problem: { code: 'whatsapp_already_connecting' } });
    const account = { phone: '5511970000001', name: 'Ana', platform: 'android' };
    await user.tenant.whatsapp.update(1, { state: 'linked', account });
    await expect(pair('11912345678')).rejects.toMatchObject({ problem: { code: 'whatsapp_already_linked' } });
    expect(await orders()).toEqual([{ kind: 'link.start' }]);
    user = await fixture.newUser();
    await expect(pair('11912345678')).rejects.toMatchObject({ problem: { code: 'whatsapp_notice_not_accepted' } });
  });

  it('asks WhatsApp for no more codes than it likes, over all attempts, and says when it does again', async () => {
    const own = '5511955550000';
    const codes = async () => (await orders()).filter(({ kind }) => kind === 'link.pair').length;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      for (const phone of [`+${own}`, `+55119555500${10 + attempt}`]) await pair(phone);
      await user.tenant.whatsapp.update(attempt + 1, { state: 'failed', failure: 'refused' });
    }
    expect(await codes()).toBe(6);
    const refusal = await pair('+5511955550099').catch((error: unknown) => error);
    const { problem } = z.instanceof(ApiError).parse(refusal);
    expect(problem).toMatchObject({ status: 429, code: 'too_many_attempts' });
    expect(problem.retryAfter).toBeGreaterThan(240);
    expect(problem.retryAfter).toBeLessThanOrEqual(300);
    expect(await codes()).toBe(6);
    expect((await get()).state).toBe('failed');
    // The QR code is another matter.
    expect((await post('connect')).state).toBe('starting');

    // Neither is anybody's phone pestered from many accounts.
    for (let account = 0; account < 3; account += 1) {
      user = await fixture.newUser();
      await accept();
      await pair(`+${own}`);
    }
    user = await fixture.newUser();
    await accept();
    await expect(pair(`+${own}`)).rejects.toMatchObject({ problem: { code: 'too_many_attempts' } });
    expect((await pair('+5511955550098')).state).toBe('starting');
  });

  it('takes ten attempts at once from one user, and says when the next may be', async () => {
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect((await post('connect')).state).toBe('starting');
      await user.tenant.whatsapp.update(attempt, { state: 'failed', failure: 'refused' });
    }
    const { problem } = z.instanceof(ApiError).parse(await post('connect').catch((error: unknown) => error));
    expect(problem).toMatchObject({ status: 429, code: 'too_many_attempts' });
    expect(problem.retryAfter).toBeGreaterThan(300);
    expect((await get()).attempt).toBe(10);
    // The code to type is no way around.
    await expect(pair('+5511955550077')).rejects.toMatchObject({ problem: { code: 'too_many_attempts' } });
    user = await fixture.newUser();
    await accept();
    expect((await post('connect')).state).toBe('starting');
  });

  it('wants a token', async () => {
    user.api.accessToken = undefined;
    await expect(get()).rejects.toThrow(/401/);
  });
});

describe('the passkey that WhatsApp asks for', () => {
  beforeAll(async () => {
    user = await fixture.newUser();
    await accept();
  });

  const passkey = createSoftwarePasskey();
  const challenge = Buffer.from('a challenge of thirty-two bytes!').toString('base64url');

  let generation = 0;

  /** The state as a host reports it, in a new attempt. */
  async function asked(changes: Partial<PasskeyRequest> = {}): Promise<PasskeyRequest> {
    const request: PasskeyRequest = {
      requestId: randomUUID(),
      challenge,
      allowCredentials: [],
      extensions: {},
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      answered: false,
      ...changes,
    };
    if (generation > 0) await user.tenant.whatsapp.update(generation, { state: 'failed' });
    await post('connect');
    generation += 1;
    await user.tenant.whatsapp.update(generation, { state: 'passkey', passkey: request });
    return request;
  }

  const answer = (requestId: string, body: object) =>
    user.api.request(`/api/whatsapp/passkey/${requestId}`, { method: 'POST', body, answer: whatsAppStatusSchema });
  const signed = (changes: Parameters<typeof passkey.sign>[0] = { challenge }) => ({
    outcome: 'signed',
    credential: passkey.sign(changes),
  });
  const refused = (code: string) => ({ problem: { code } });
  const stored = () => storedText(fixture.cloud, user.userId);
  const kept = async (requestId: string) => user.tenant.linkAnswers.takePasskey(requestId);

  it('is answered once, by the user who was asked, and handed out once', async () => {
    const { requestId } = await asked();
    const body = signed();
    expect(await answer(requestId, body)).toMatchObject({ state: 'passkey', passkey: { requestId, answered: true } });
    await expect(answer(requestId, body)).rejects.toMatchObject(refused('passkey_request_gone'));
    const open = await user.tenant.commands.open();
    expect(open.at(-1)?.command).toEqual({ kind: 'link.passkey', requestId });

    const neighbour = await fixture.newUser();
    expect(await neighbour.tenant.linkAnswers.takePasskey(requestId)).toBeUndefined();
    expect(await kept(requestId)).toEqual({ generation, answer: body });
    expect(await kept(requestId)).toBeUndefined();
  });

  it('keeps nothing of the assertion readable, and no key once it is taken', async () => {
    const { requestId } = await asked();
    const body = signed();
    await answer(requestId, body);
    const before = await stored();
    expect(before).toContain(`PASSKEYANSWER#${requestId}`);
    expect(before).toContain('DATAKEY#whatsapp#');
    for (const secret of [body.credential.response.signature, body.credential.id]) expect(before).not.toContain(secret);
    await kept(requestId);
    expect(await stored()).not.toMatch(/PASSKEYANSWER|DATAKEY#whatsapp#/);
  });

  it('has one winner when two windows answer at once', async () => {
    const { requestId } = await asked();
    const attempts = await Promise.allSettled([answer(requestId, signed()), answer(requestId, { outcome: 'refused' })]);
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await stored()).match(/DATAKEY#whatsapp#/g)).toHaveLength(1);
  });

  it('is refused with another challenge, from another site, or without the user', async () => {
    const { requestId } = await asked();
    for (const wrong of [
      { challenge: Buffer.from('an older challenge, same length!').toString('base64url') },
      { challenge, origin: 'https://evil.example' },
      { challenge, site: 'evil.example' },
      { challenge, crossOrigin: true },
      { challenge, flags: 0x01 },
    ])
      await expect(answer(requestId, signed(wrong))).rejects.toMatchObject(refused('passkey_invalid'));
    // The request is still there for the right one.
    expect((await answer(requestId, signed())).passkey?.answered).toBe(true);
  });

  it('is refused when nobody asks, when another is asked for, and when it is too late', async () => {
    await expect(answer(randomUUID(), signed())).rejects.toMatchObject(refused('passkey_request_gone'));
    const late = await asked({ expiresAt: new Date(Date.now() - 1).toISOString() });
    await expect(answer(late.requestId, signed())).rejects.toMatchObject(refused('passkey_request_gone'));
    const { requestId } = await asked();
    await expect(answer(randomUUID(), signed())).rejects.toMatchObject(refused('passkey_request_gone'));
    await expect(answer(requestId, { outcome: 'signed' })).rejects.toMatchObject({ problem: { status: 400 } });
    user = await fixture.newUser();
    generation = 0;
    await expect(answer(requestId, signed())).rejects.toMatchObject(refused('passkey_request_gone'));
  });
});

describe('the code to compare', () => {
  const compare = (code: string, matches: boolean) =>
    user.api.request('/api/whatsapp/comparison', {
      method: 'POST',
      body: { code, matches },
      answer: whatsAppStatusSchema,
    });

  it('is answered for what is shown, and for nothing else', async () => {
    user = await fixture.newUser();
    await accept();
    await post('connect');
    await expect(compare('K7QX-2MPD', true)).rejects.toMatchObject({ problem: { code: 'passkey_request_gone' } });
    await user.tenant.whatsapp.update(1, { state: 'code_comparison', comparisonCode: 'K7QX-2MPD' });
    await expect(compare('K7QX-2MPF', true)).rejects.toMatchObject({ problem: { code: 'passkey_request_gone' } });
    expect((await compare('K7QX-2MPD', false)).comparisonCode).toBe('K7QX-2MPD');
    const open = await user.tenant.commands.open();
    expect(open.at(-1)?.command).toEqual({ kind: 'link.compared', code: 'K7QX-2MPD', matches: false });
  });
});
