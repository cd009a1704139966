import { linkNoticeVersion } from '@top-active/core/contracts';
import { within } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { createFakeApi, type FakeState } from '../testing/fake-api.ts';
import { aCredential, aMe, aWhatsApp } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

const qr = { code: '2@first-code', expiresAt: new Date(Date.now() + 20_000).toISOString() };

async function atSteps(parts: Partial<FakeState> = {}, at = '/') {
  const app = await mountApp({ at, api: createFakeApi(parts) });
  await app.screen.findByRole('heading', { name: 'WhatsApp' });
  return app;
}

describe('first steps', () => {
  it('shows the risk before any code and connects only once it is accepted, which is recorded', async () => {
    const { screen, user, api } = await atSteps({ me: aMe({ linkNotices: [] }) });
    const show = await screen.findByRole<HTMLButtonElement>('button', { name: 'Mostrar o código QR' });
    expect(screen.getByText('Este serviço não é oficial nem afiliado ao WhatsApp ou à Meta.')).toBeTruthy();
    expect(show.disabled).toBe(true);
    await user.click(screen.getByLabelText('Entendi e quero conectar por minha conta e risco'));
    await user.click(show);
    expect(await screen.findByText('Abrindo o WhatsApp…')).toBeTruthy();
    const asked = api.calls
      .filter(({ path }) => path.startsWith('/api/whatsapp/'))
      .map(({ path, body }) => [path, body]);
    expect(asked).toEqual([
      ['/api/whatsapp/notice', { version: linkNoticeVersion }],
      ['/api/whatsapp/connect', {}],
    ]);
  });

  it('does not ask again who has accepted, but who has accepted an earlier notice', async () => {
    const accepted = await atSteps();
    expect(
      (await accepted.screen.findByRole<HTMLButtonElement>('button', { name: 'Mostrar o código QR' })).disabled,
    ).toBe(false);
    expect(accepted.screen.queryByRole('checkbox')).toBeNull();
    accepted.close();
    document.body.replaceChildren();
    const acceptedAt = '2026-01-01T12:00:00.000Z';
    const outdated = await atSteps({
      me: aMe({ linkNotices: [{ version: linkNoticeVersion + 1, acceptedAt }] }),
      whatsapp: aWhatsApp({ state: 'logged_out' }),
    });
    expect(await outdated.screen.findByText('Antes de conectar')).toBeTruthy();
  });

  it('says what to do when the notice has changed on the server', async () => {
    const { screen, user, api } = await atSteps({ me: aMe({ linkNotices: [] }) });
    api.refuse('POST /api/whatsapp/notice', 'whatsapp_notice_outdated');
    await user.click(await screen.findByLabelText('Entendi e quero conectar por minha conta e risco'));
    await user.click(screen.getByRole('button', { name: 'Mostrar o código QR' }));
    expect(await screen.findByText(/O aviso mudou\. Recarregue a página/)).toBeTruthy();
    expect(api.calls.some(({ path }) => path === '/api/whatsapp/connect')).toBe(false);
  });

  it('draws each new code as it comes, without a click', async () => {
    const { screen, api, sockets } = await atSteps({ whatsapp: aWhatsApp({ state: 'qr', qr }) });
    const draw = async (): Promise<string> => (await screen.findByRole('img', { name: /Código QR/ })).innerHTML;
    const first = await draw();
    sockets[0]?.open();
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    api.state.whatsapp = aWhatsApp({ state: 'qr', qr: { ...qr, code: '2@second-code' } });
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    await expect.poll(draw).not.toBe(first);
  });

  it('goes on from an expired code with one click, without asking again', async () => {
    const { screen, user } = await atSteps({ whatsapp: aWhatsApp({ state: 'qr_expired' }) });
    await user.click(await screen.findByRole('button', { name: 'Mostrar um novo código' }));
    expect(await screen.findByText('Abrindo o WhatsApp…')).toBeTruthy();
  });

  it('offers the code for copying in the simulated world only', async () => {
    const { screen } = await atSteps({ simulated: false, whatsapp: aWhatsApp({ state: 'qr', qr, simulated: false }) });
    await screen.findByRole('img', { name: /Código QR/ });
    expect(screen.queryByRole('button', { name: 'Copiar o código' })).toBeNull();
  });

  it('says why a link failed', async () => {
    const { screen } = await atSteps({ whatsapp: aWhatsApp({ state: 'failed', failure: 'engine_incompatible' }) });
    expect(await screen.findByText(/O WhatsApp mudou, e este aplicativo/)).toBeTruthy();
  });

  it('stores a key, shows only its end and counts the step', async () => {
    const { screen, user } = await atSteps();
    await user.type(await screen.findByLabelText('Chave da API'), 'sk-proj-0123456789abcdef4f2K');
    await user.click(screen.getByRole('button', { name: 'Verificar e salvar' }));
    expect(await screen.findByText('Chave terminada em 4f2K')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Primeiros passos' }).getAttribute('aria-valuetext')).toBe(
      '1 de 3 prontos',
    );
  });

  it('says that OpenAI refused the key', async () => {
    const { screen, user, api } = await atSteps();
    api.refuse('PUT /api/credentials/openai', 'openai_key_invalid');
    await user.type(await screen.findByLabelText('Chave da API'), 'sk-proj-0123456789abcdef');
    await user.click(screen.getByRole('button', { name: 'Verificar e salvar' }));
    expect(await screen.findByText(/A OpenAI não reconhece esta chave/)).toBeTruthy();
  });

  it('goes to Google for consent', async () => {
    const { screen, user, left } = await atSteps();
    await user.click(await screen.findByRole('button', { name: 'Conectar o Google Agenda' }));
    await expect.poll(() => left).toEqual(['https://accounts.google.test/consent']);
  });

  it('tells how the consent ended and clears the address', async () => {
    const { screen, router } = await atSteps({}, '/?google=denied');
    expect((await screen.findAllByText(/Você não deu permissão no Google/)).length).toBeGreaterThan(0);
    await expect.poll(() => router.currentRoute.value.fullPath).toBe('/');
  });

  it('asks before it removes anything', async () => {
    const { screen, user, api } = await atSteps({ credentials: [aCredential()] });
    await user.click(await screen.findByRole('button', { name: 'Remover' }));
    const dialog = await screen.findByRole('dialog', { name: 'Remover a chave da OpenAI?' });
    expect(api.state.credentials).toHaveLength(1);
    await user.click(within(dialog).getByRole('button', { name: 'Remover' }));
    expect(await screen.findByLabelText('Chave da API')).toBeTruthy();
  });

  it('shows whose phone is linked, since when, and its battery where the phone tells it', async () => {
    const account = { phone: '5511987654321', name: 'Lúcia', platform: 'android' };
    const at = '2026-11-23T12:00:00.000Z';
    const linked = { state: 'linked', linkedAt: '2026-11-20T15:30:00.000Z' } as const;
    const { screen, api, sockets } = await atSteps({ whatsapp: aWhatsApp({ ...linked, account }) });
    expect(await screen.findByText(/Conectado como Lúcia/)).toBeTruthy();
    expect(screen.getByText(/^Desde .*20.*12:30/)).toBeTruthy();
    expect(screen.queryByText(/Bateria/)).toBeNull();
    sockets[0]?.open();
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    api.state.whatsapp = aWhatsApp({ ...linked, account: { ...account, battery: { percent: 37, plugged: true, at } } });
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    expect(await screen.findByText(/Bateria do celular: 37 %, carregando/)).toBeTruthy();
  });

  it('ends with the newest state when an answer to an earlier question comes late', async () => {
    const api = createFakeApi({ whatsapp: aWhatsApp({ state: 'starting', attempt: 1 }) });
    const held: (() => void)[] = [];
    let holding = false;
    const fetch: typeof api.fetch = async (input, init) => {
      const answer = await api.fetch(input, init);
      const { pathname } = new URL(new Request(input, init).url);
      if (holding && pathname === '/api/whatsapp') {
        holding = false;
        await new Promise<void>((release) => held.push(release));
      }
      return answer;
    };
    const { screen, sockets } = await mountApp({ at: '/', api: { ...api, fetch } });
    expect(await screen.findByText('Abrindo o WhatsApp…')).toBeTruthy();
    sockets[0]?.open();
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    holding = true;
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    await expect.poll(() => held.length).toBe(1);
    api.state.whatsapp = aWhatsApp({ state: 'qr_expired' });
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    // Time for an answer to the second question, if it was asked already.
    await new Promise((resolve) => setTimeout(resolve, 50));
    held[0]?.();
    expect(await screen.findByRole('button', { name: 'Mostrar um novo código' })).toBeTruthy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.queryByText('Abrindo o WhatsApp…')).toBeNull();
  });

  it('leads to the conversations when everything is connected', async () => {
    const { screen } = await atSteps({
      credentials: [aCredential(), aCredential({ provider: 'google', hint: 'lucia@gmail.com' })],
      whatsapp: aWhatsApp({
        state: 'linked',
        account: { phone: '5511987654321', name: 'Lúcia', platform: 'android' },
        savedAt: '2026-11-24T13:00:20.000Z',
      }),
    });
    expect(await screen.findByRole('link', { name: 'Ir para as conversas' })).toBeTruthy();
    expect(screen.getByText('+55 11 98765-4321')).toBeTruthy();
    expect(screen.getByText(/^Conexão salva em 24 de nov\. de 2026, 10:00$/)).toBeTruthy();
  });
});
