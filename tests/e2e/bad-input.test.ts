import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ApiError,
  createApiClient,
  createWorldClient,
  demoPassword,
  registerUser,
  until,
  type AppUser,
  type WorldClient,
} from '@top-active/local/client';
import {
  registerResponseSchema,
  tokenResponseSchema,
  whatsAppStatusSchema,
  type WhatsAppStatus,
} from '@top-active/core/contracts';
import { bootStack, type Stack } from '@top-active/local/stack';
import { beginConsent, decide, follow } from '../support/google-consent.ts';
import { problemOf, refusalOf } from '../support/refusal.ts';
import { readStored } from '../support/stored.ts';
import { claimsOf, idTokenOf, signAs, tamper } from '../support/tokens.ts';

const customer = { name: 'Carla Cliente', number: '5521980000001' };
const clinic = { name: 'Ana Dentista', email: 'ana@example.com', phone: '5511970000001' };

let people = 0;
const newEmail = () => `pessoa-${(people += 1)}@example.com`;

describe('bad input, through the whole stack', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bad-input-'));
  let stack: Stack;
  let world: WorldClient;
  /** Has an account and nothing else. */
  let user: AppUser;
  /** Links WhatsApp, or tries to. */
  let linker: AppUser;
  /** Has a linked WhatsApp and one chat. */
  let owner: AppUser;

  beforeAll(async () => {
    stack = await bootStack({ dir });
    world = createWorldClient(stack.worldOrigin);
    [user, linker, owner] = await Promise.all([newUser(), newUser(), newUser(clinic)]);
  });

  afterAll(async () => {
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const newUser = ({ email = newEmail(), name = 'Pessoa' } = {}) =>
    registerUser({ origin: stack.appOrigin, world, email, name });
  const stranger = () => createApiClient(stack.appOrigin);
  const register = (body: object) =>
    stranger().request('/api/auth/register', { method: 'POST', body, answer: registerResponseSchema });
  const login = (email: string, password: string) =>
    stranger().request('/api/auth/login', { method: 'POST', body: { email, password }, answer: tokenResponseSchema });

  /** Nothing of what is kept is new, changed or gone after the work. */
  async function storesNothing<T>(work: () => Promise<T>, about?: string): Promise<T> {
    const before = readStored(dir, about);
    const result = await work();
    expect(readStored(dir, about)).toEqual(before);
    return result;
  }

  /** Checkpoints go on beside a linked session; chats, messages and commands must stay as they are. */
  function chatsOf({ userId }: AppUser) {
    return Object.entries(readStored(dir, userId)).filter(([place]) => !/ (WHATSAPP|SEQ|EVENT#\d+)$/.test(place));
  }

  /** How many attempts to link were begun. */
  function attemptsOf({ userId }: AppUser): number {
    const [, item = ''] = Object.entries(readStored(dir, userId)).find(([place]) => place.endsWith(' WHATSAPP')) ?? [];
    return Number(/"generation":\{"N":"(\d+)"\}/.exec(item)?.[1]);
  }

  const post = (action: 'connect' | 'disconnect') =>
    linker.api.request(`/api/whatsapp/${action}`, { method: 'POST', body: {}, answer: whatsAppStatusSchema });

  const reach = (wanted: WhatsAppStatus['state']) =>
    until(
      async () => {
        const status = await linker.status();
        return status.state === wanted ? status : undefined;
      },
      { what: `state ${wanted}`, timeoutMs: 30_000, everyMs: 100 },
    );

  it('sees what is stored, or the other tests would prove nothing', async () => {
    const before = readStored(dir, user.userId);
    await user.api.request('/api/me', { method: 'PATCH', body: { name: 'Outro nome' } });
    const after = readStored(dir, user.userId);
    expect(after).not.toEqual(before);
    // What it says is sealed; that it is another one is seen.
    const profile = Object.keys(after).find((place) => place.endsWith(' PROFILE')) ?? '';
    expect(after[profile]).not.toBe(before[profile]);
    expect(JSON.stringify(after)).not.toContain('Outro nome');
    expect(Object.keys(after).filter((place) => place.startsWith('cognito'))).toHaveLength(1);
  });

  describe('of who registers or logs in', () => {
    it('a wrong password is refused as an unknown account is', async () => {
      await storesNothing(async () => {
        const wrong = await refusalOf(login(user.email, 'senha errada 1'));
        expect(wrong).toMatchObject({ status: 401, code: 'invalid_credentials' });
        const { instance: _, ...unknown } = await refusalOf(login('ninguem@example.com', 'senha errada 1'));
        expect(wrong).toMatchObject(unknown);
      });
    });

    it('a weak password is refused, by what it lacks', async () => {
      const body = { email: newEmail(), password: 'somente letras', name: 'Pessoa' };
      const problem = await storesNothing(() => refusalOf(register(body)));
      expect(problem).toMatchObject({ status: 400, code: 'weak_password', errors: [{ field: 'password' }] });
      expect(JSON.stringify(problem)).not.toContain(body.password);
    });

    it('a taken e-mail is answered as a new one, and its account stays as it is', async () => {
      const body = { password: 'outra senha longa 2', name: 'Intruso' };
      const taken = await storesNothing(() => register({ ...body, email: user.email }), user.userId);
      const fresh = await register({ ...body, email: newEmail() });
      expect(Object.keys(taken)).toEqual(Object.keys(fresh));
      expect(taken.session).toHaveLength(fresh.session.length);
      await expect(login(user.email, body.password)).rejects.toBeInstanceOf(ApiError);
      await expect(login(user.email, demoPassword)).resolves.toMatchObject({ userId: user.userId });
    });

    it('an unknown field is named, beside the wrong ones', async () => {
      const body = { email: 'sem arroba', password: demoPassword, name: 'Pessoa', role: 'admin' };
      const problem = await storesNothing(() => refusalOf(register(body)));
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(problem.errors?.map(({ field }) => field).toSorted()).toEqual(['email', 'role']);
    });

    it('a body that is not JSON is refused as such', async () => {
      const problem = await storesNothing(async () =>
        problemOf(
          await fetch(`${stack.appOrigin}/api/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', origin: stack.appOrigin },
            body: `{"email": "${user.email}", password: `,
          }),
        ),
      );
      expect(problem).toMatchObject({ status: 400, code: 'invalid_json' });
    });
  });

  // API Gateway itself answers these, in its own words: why is in the header.
  describe('in place of an access token', () => {
    const rename = (token: string) =>
      fetch(`${stack.appOrigin}/api/me`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: stack.appOrigin },
        body: JSON.stringify({ name: 'Intruso' }),
      });
    const token = () => user.api.accessToken ?? '';
    const now = () => Math.floor(Date.now() / 1000);

    it.each<[string, () => string, string]>([
      ['an expired one', () => signAs(dir, token(), { ...claimsOf(token()), exp: now() - 60 }), 'expired'],
      ['one whose owner was changed', () => tamper(token(), { username: owner.userId }), 'invalid signature'],
      ['one whose end was changed', () => tamper(token(), { exp: now() + 1e6 }), 'invalid signature'],
      ['no token at all', () => 'nada', 'invalid'],
    ])('%s opens nothing', async (_, make, reason) => {
      const forged = make();
      const answer = await storesNothing(() => rename(forged));
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain(reason);
    });

    it('an ID token opens nothing', async () => {
      const idToken = idTokenOf(dir, token());
      const problem = await storesNothing(async () => problemOf(await rename(idToken)));
      expect(problem).toMatchObject({ status: 401, code: 'unauthorized' });
    });

    it('one that was signed the same way and has not expired is as good as the real one', async () => {
      const answer = await rename(signAs(dir, token(), { ...claimsOf(token()), exp: now() + 60 }));
      expect(answer.status).toBe(200);
    });
  });

  describe('of credentials', () => {
    it.each([
      ['that OpenAI does not know', 'sk-invalid-000000000000000000000000', 'openai_key_invalid'],
      ['that is no key', 'uma chave que não é chave', 'invalid_request'],
    ])('an OpenAI key %s is refused', async (_, key, code) => {
      const put = () => user.api.request('/api/credentials/openai', { method: 'PUT', body: { key } });
      const problem = await storesNothing(() => refusalOf(put()), user.userId);
      expect(problem).toMatchObject({ status: 400, code });
      expect(problem.errors?.map(({ field }) => field)).toEqual(['key']);
      expect(JSON.stringify(problem)).not.toContain(key);
    });

    const credentials = () =>
      Object.keys(readStored(dir, user.userId)).filter((place) => /CREDENTIAL|OAUTH/.test(place));

    it('a denied consent leaves nothing', async () => {
      const consent = await beginConsent(user.api);
      expect(await follow(await decide(consent, 'deny', user.email), consent)).toBe('denied');
      expect(credentials()).toEqual([]);
    });

    it('a state works once', async () => {
      const consent = await beginConsent(user.api);
      const location = await decide(consent, 'allow', user.email);
      expect(await follow(location, consent)).toBe('connected');
      expect(await storesNothing(() => follow(location, consent), user.userId)).toBe('invalid_state');
      await user.api.request('/api/google', { method: 'DELETE' });
      expect(await follow(location, consent)).toBe('invalid_state');
      expect(credentials()).toEqual([]);
    });
  });

  // One linked owner for all of it: each step needs the one before.
  describe('of who writes', () => {
    let chatId: string;
    const send = (by: AppUser, body: object) =>
      by.api.request(`/api/chats/${chatId}/messages`, { method: 'POST', body });
    beforeAll(async () => {
      await world.addPhone({ number: clinic.phone, name: clinic.name });
      await world.addPhone(customer);
      await owner.linkWhatsApp(clinic.phone);
      await world.write(customer.number, clinic.phone, 'Oi! Tem horário amanhã?');
      const chat = await until(async () => (await owner.chats())[0], { what: 'the chat', timeoutMs: 20_000 });
      chatId = chat.id;
    });

    it("another's chat is as unknown as none at all", async () => {
      const before = chatsOf(owner);
      await storesNothing(async () => {
        for (const id of [chatId, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 'nada']) {
          const path = `/api/chats/${id}`;
          const refusals = await Promise.all([
            refusalOf(user.api.request(`${path}/messages`)),
            refusalOf(user.api.request(path, { method: 'PATCH', body: { read: true } })),
            refusalOf(user.api.request(`${path}/messages`, { method: 'POST', body: { text: 'Oi' } })),
          ]);
          for (const refusal of refusals)
            expect({ id, ...refusal }).toMatchObject({ id, status: 404, code: 'chat_not_found' });
        }
      }, user.userId);
      expect(chatsOf(owner)).toEqual(before);
      expect((await owner.chats())[0]?.unread).toBe(1);
      expect(await world.messages(customer.number, clinic.phone)).toHaveLength(1);
    });

    it.each([
      ['empty', '', 'text'],
      ['nothing but blanks', ' \n\t ', 'text'],
      ['70,000 characters long', 'a'.repeat(70_000), 'text'],
    ])('a message that is %s is refused', async (_, text, field) => {
      const before = chatsOf(owner);
      const problem = await refusalOf(send(owner, { text }));
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field }] });
      expect(chatsOf(owner)).toEqual(before);
    });

    it('a message with an unknown field is refused', async () => {
      const before = chatsOf(owner);
      const problem = await refusalOf(send(owner, { text: 'Oi', to: '5511900000000' }));
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field: 'to' }] });
      expect(chatsOf(owner)).toEqual(before);
    });

    it('nothing is sent, or kept to be sent, while no WhatsApp is linked', async () => {
      await owner.api.request('/api/whatsapp/disconnect', { method: 'POST', body: {} });
      await until(async () => (await owner.status()).state === 'unlinked' || undefined, {
        what: 'state unlinked',
        timeoutMs: 30_000,
      });
      // The command that unlinks ends a moment after the state has changed.
      await until(async () => !JSON.stringify(chatsOf(owner)).includes('PENDING#') || undefined, {
        what: 'the end of the command that unlinks',
        timeoutMs: 30_000,
      });
      const before = chatsOf(owner);
      expect(await refusalOf(send(owner, { text: 'Bom dia!' }))).toMatchObject({
        status: 409,
        code: 'whatsapp_not_linked',
      });
      expect(chatsOf(owner)).toEqual(before);
      expect(await world.messages(customer.number, clinic.phone)).toHaveLength(1);
    });
  });

  describe('of who links', () => {
    it('nothing is linked before the notice is accepted', async () => {
      await storesNothing(async () => {
        expect(await refusalOf(post('connect'))).toMatchObject({ status: 409, code: 'whatsapp_notice_not_accepted' });
      }, linker.userId);
      await linker.acceptLinkNotice();
    });

    it('of two connects at once one is refused, and one attempt runs', async () => {
      const attempts = await Promise.allSettled([post('connect'), post('connect')]);
      expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const lost = attempts.find((attempt) => attempt.status === 'rejected');
      expect(await refusalOf(Promise.reject(lost?.reason))).toMatchObject({
        status: 409,
        code: 'whatsapp_already_connecting',
      });
      expect(attemptsOf(linker)).toBe(1);
      await reach('qr');
      await post('disconnect');
      await reach('unlinked');
      expect(attemptsOf(linker)).toBe(1);
    });

    it('a code that nobody scans expires, and a new attempt links', async () => {
      const number = '5511970000099';
      await world.addPhone({ number, name: 'Paulo' });
      await world.call('PUT', '/whatsapp/faults', { refMs: 300, refsBeforeIdle: 2 });
      try {
        await post('connect');
        const expired = await reach('qr_expired');
        expect(expired.qr).toBeUndefined();
        expect(expired.account).toBeUndefined();
      } finally {
        await world.call('DELETE', '/whatsapp/faults');
      }
      await linker.linkWhatsApp(number);
      expect((await linker.status()).account?.phone).toBe(number);
    });
  });

  it('too many logins are held back for the time they are told, and nobody who has logged in before is locked out', async () => {
    const guess = async (password: string) =>
      fetch(`${stack.appOrigin}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: stack.appOrigin },
        body: JSON.stringify({ email: user.email, password }),
      });
    const refused = await storesNothing(async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => guess(`palpite número ${i}`)));
      return answers.filter(({ status }) => status === 429);
    }, user.userId);
    const [first] = refused;
    if (!first) throw new Error('Nothing was held back');
    const problem = await problemOf(first);
    expect(problem.code).toBe('account_locked');
    expect(problem.retryAfter).toBeGreaterThanOrEqual(1);
    expect(first.headers.get('retry-after')).toBe(String(problem.retryAfter));
    // By the cookie of the browser that registered.
    const { email, password } = user;
    const back = await user.api.call('POST /api/auth/login', { body: { email, password } });
    expect(back).toMatchObject({ userId: user.userId });
  });
});
