import type { WhatsAppStatus } from '@top-active/core/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { aPasskeyRequest, aWhatsApp, userId } from '../testing/factories.ts';
import { createFakeApi, type FakeState } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

const request = aPasskeyRequest();
const credential = {
  id: 'cGFzc2tleQ',
  rawId: 'cGFzc2tleQ',
  type: 'public-key',
  clientExtensionResults: {},
  response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'MEUC' },
};

/** Loaded when it is needed: not within the time of the first test. */
beforeAll(async () => {
  await Promise.all([
    import('../components/setup/passkey/WhatsAppPasskey.vue'),
    import('../components/setup/passkey/WhatsAppComparison.vue'),
    import('../components/setup/passkey/PasskeyHint.vue'),
  ]);
});

const ownAttemptOf = (id: string) => `top-active:linking-attempt:${id}`;

/** At the first steps, in the attempt that this browser began, unless `begunHere` says otherwise. */
async function asked(parts: Partial<WhatsAppStatus> = {}, { begunHere = true } = {}) {
  const whatsapp = aWhatsApp({ state: 'passkey', attempt: 3, passkey: request, ...parts });
  const state: Partial<FakeState> = { whatsapp };
  localStorage.setItem(ownAttemptOf(userId), begunHere ? '3' : '2');
  const app = await mountApp({ at: '/', api: createFakeApi(state) });
  await app.screen.findByRole('heading', { name: 'WhatsApp' });
  const answers = () =>
    app.api.calls.filter(({ path }) => path.startsWith('/api/whatsapp/passkey/')).map(({ path, body }) => [path, body]);
  return { ...app, answers };
}

const meta = () => document.querySelector<HTMLMetaElement>('meta[name="top-active-passkey-request"]');

/** What the extension says, from within the page. */
function say(message: object, { source = window, origin = location.origin } = {}): void {
  window.dispatchEvent(
    new MessageEvent('message', {
      data: { type: 'top-active-passkey-answer', v: 1, requestId: request.requestId, ...message },
      source: source as never,
      origin,
    }),
  );
}

describe('a passkey that WhatsApp asks for', () => {
  it('is shown in three steps, and written where the extension reads it', async () => {
    const { screen } = await asked();
    expect(await screen.findByText(/O WhatsApp quer confirmar que é você/)).toBeTruthy();
    for (const step of ['1. Instale a extensão', '2. Clique no ícone da extensão', '3. Confirme na aba do WhatsApp'])
      expect(screen.getByText(step)).toBeTruthy();
    expect(JSON.parse(meta()?.content ?? '')).toEqual({
      v: 1,
      requestId: request.requestId,
      challenge: request.challenge,
      allowCredentials: [],
      extensions: { uvm: true },
      expiresAt: request.expiresAt,
    });
  });

  it('passes on what the extension has signed, once, and hides the request', async () => {
    const { screen, answers } = await asked();
    await screen.findByText(/O WhatsApp quer confirmar/);
    say({ outcome: 'opened' });
    expect(await screen.findByText('Continue na aba do WhatsApp que se abriu.')).toBeTruthy();
    say({ outcome: 'closed' });
    expect(await screen.findByText(/foi fechada sem confirmar/)).toBeTruthy();
    say({ outcome: 'signed', credential });
    expect(await screen.findByText(/O WhatsApp está conferindo/)).toBeTruthy();
    say({ outcome: 'signed', credential });
    expect(answers()).toEqual([[`/api/whatsapp/passkey/${request.requestId}`, { outcome: 'signed', credential }]]);
    expect(meta()).toBeNull();
  });

  it('hears nobody else: another window, another address, another request, no assertion', async () => {
    const { screen, answers } = await asked();
    await screen.findByText(/O WhatsApp quer confirmar/);
    say({ outcome: 'signed', credential }, { origin: 'https://evil.example' });
    say({ outcome: 'signed', credential }, { source: null as never });
    say({ outcome: 'signed', credential, requestId: 'another-request-0000' });
    say({ outcome: 'signed', credential: { ...credential, type: 'password' } });
    say({ outcome: 'refused', v: 2 });
    expect(answers()).toEqual([]);
  });

  it('ends the attempt when it is refused, in the extension or here', async () => {
    const { screen, user, answers } = await asked();
    await user.click(await screen.findByRole('button', { name: 'Não confirmar e cancelar' }));
    await expect.poll(answers).toEqual([[`/api/whatsapp/passkey/${request.requestId}`, { outcome: 'refused' }]]);
  });

  it('warns of an attempt that was begun elsewhere, and shows the extension nothing', async () => {
    const { screen, user, answers } = await asked({}, { begunHere: false });
    expect(await screen.findByText('Você começou a conectar seu WhatsApp agora?')).toBeTruthy();
    expect(meta()).toBeNull();
    say({ outcome: 'signed', credential });
    expect(answers()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Não fui eu: cancelar' }));
    await expect.poll(answers).toEqual([[`/api/whatsapp/passkey/${request.requestId}`, { outcome: 'refused' }]]);
  });

  it('warns of an attempt of the same number that another user of this browser began', async () => {
    localStorage.setItem(ownAttemptOf('another-user'), '3');
    // As it was kept before: of nobody in particular.
    localStorage.setItem('top-active:linking-attempt', '3');
    const { screen } = await asked({}, { begunHere: false });
    expect(await screen.findByText('Você começou a conectar seu WhatsApp agora?')).toBeTruthy();
    expect(meta()).toBeNull();
  });

  it('asks anew about the next attempt, though the owner said of the one before that it was theirs', async () => {
    const { screen, user, api, sockets } = await asked({}, { begunHere: false });
    await expect.poll(() => sockets.length).toBe(1);
    sockets[0]?.open();
    await user.click(await screen.findByRole('button', { name: 'Fui eu, em outro lugar' }));
    await expect.poll(meta).not.toBeNull();
    const next = aPasskeyRequest({ requestId: '0d4f6f0e-6f6b-4c1c-9a44-5f6f0f8f6d22' });
    api.state.whatsapp = aWhatsApp({ state: 'passkey', attempt: 4, passkey: next });
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    expect(await screen.findByText('Você começou a conectar seu WhatsApp agora?')).toBeTruthy();
    expect(meta()).toBeNull();
  });

  it('goes on with an attempt that was begun elsewhere once the owner says so', async () => {
    const { screen, user } = await asked({}, { begunHere: false });
    await user.click(await screen.findByRole('button', { name: 'Fui eu, em outro lugar' }));
    expect(await screen.findByText('1. Instale a extensão')).toBeTruthy();
    await expect.poll(meta).not.toBeNull();
  });

  it('can be answered by hand, with a warning, from what the console wrote', async () => {
    const { screen, user, answers } = await asked();
    await user.click(await screen.findByText('Não posso instalar a extensão'));
    expect(screen.getByText(/Nunca cole no navegador um código/)).toBeTruthy();
    expect(screen.getByLabelText('Código para o console').textContent).toContain(request.challenge);
    const field = screen.getByLabelText('Resposta do console');
    await user.click(field);
    await user.paste('não é isto');
    await user.click(screen.getByRole('button', { name: 'Enviar a resposta' }));
    expect(await screen.findByText(/Esta não é a resposta do console/)).toBeTruthy();
    await user.clear(field);
    await user.click(field);
    await user.paste(`'${JSON.stringify(credential)}'`);
    await user.click(screen.getByRole('button', { name: 'Enviar a resposta' }));
    await expect.poll(() => answers().length).toBe(1);
  });

  it('is given again at a click when the server could not be reached: the extension tells it once', async () => {
    const { screen, user, api, answers } = await asked();
    await screen.findByText(/O WhatsApp quer confirmar/);
    api.refuse(`POST /api/whatsapp/passkey/${request.requestId}`, 'internal', { status: 503 });
    say({ outcome: 'signed', credential });
    await user.click(await screen.findByRole('button', { name: 'Tentar de novo' }));
    expect(await screen.findByText(/O WhatsApp está conferindo/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Tentar de novo' })).toBeNull();
    expect(new Set(answers().map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers()).toHaveLength(2);
  });

  it('says when WhatsApp waits no more', async () => {
    const { screen, user, api } = await asked();
    api.refuse(`POST /api/whatsapp/passkey/${request.requestId}`, 'passkey_request_gone');
    await user.click(await screen.findByRole('button', { name: 'Não confirmar e cancelar' }));
    expect(await screen.findByText(/O WhatsApp não espera mais por esta confirmação/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Tentar de novo' })).toBeNull();
  });
});

describe('the code to compare', () => {
  const comparing: Partial<WhatsAppStatus> = { state: 'code_comparison', comparisonCode: 'K7QX-2MPD' };

  it.each([
    ['É igual', true],
    ['É diferente: cancelar', false],
  ])('is answered with “%s”', async (name, matches) => {
    const { screen, user, api } = await asked(comparing);
    expect(await screen.findByText('K7QX-2MPD')).toBeTruthy();
    await user.click(screen.getByRole('button', { name }));
    await expect
      .poll(() => api.calls.filter(({ path }) => path === '/api/whatsapp/comparison').map(({ body }) => body))
      .toEqual([{ code: 'K7QX-2MPD', matches }]);
    expect(await screen.findByText(/O WhatsApp está conferindo/)).toBeTruthy();
  });
});

describe('before WhatsApp asks', () => {
  it.each(['unlinked', 'starting', 'qr_expired'] as const)(
    'says while %s that it may, and how to prepare',
    async (state) => {
      const { screen, user } = await asked({ state });
      await user.click(await screen.findByText(/o WhatsApp pode pedir a chave de acesso/));
      expect(screen.getByText('1. Instale a extensão')).toBeTruthy();
    },
  );

  it('attempts begun here are known again', async () => {
    const { screen, user, api } = await asked({ state: 'qr_expired' }, { begunHere: false });
    await user.click(await screen.findByRole('button', { name: 'Mostrar um novo código' }));
    await screen.findByText('Abrindo o WhatsApp…');
    expect(api.state.whatsapp.attempt).toBe(1);
    expect(localStorage.getItem(ownAttemptOf(userId))).toBe('1');
  });
});
