import type { Pairing } from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import { aMe, aWhatsApp } from '../testing/factories.ts';
import { createFakeApi, type FakeState } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

const phone = '5511912345678';
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const qr = { code: '2@code', expiresAt: inSeconds(20) };

async function atSteps(parts: Partial<FakeState> = {}) {
  const app = await mountApp({ at: '/', api: createFakeApi(parts) });
  await app.screen.findByRole('heading', { name: 'WhatsApp' });
  return { ...app, asked: () => app.api.calls.filter(({ path }) => path.endsWith('/pairing-code')) };
}

const atCode = (pairing: Pairing) => atSteps({ whatsapp: aWhatsApp({ state: 'code', pairing }) });

describe('linking by a code to type', () => {
  it('begins by keyboard alone, with the number as people write it', async () => {
    const { screen, user, asked } = await atSteps();
    (await screen.findByRole('button', { name: 'Conectar com o número' })).focus();
    await user.keyboard('{Enter}');
    const field = await screen.findByLabelText('Número do celular com o WhatsApp');
    await expect.poll(() => document.activeElement).toBe(field);
    await user.keyboard('(011) 91234-5678{Enter}');
    expect(await screen.findByText('Pedindo o código ao WhatsApp…')).toBeTruthy();
    expect(asked().map(({ method, body }) => [method, body])).toEqual([['POST', { phone: `+${phone}` }]]);
  });

  it.each([
    ['91234-5678', /curto ou longo demais/],
    ['(20) 91234-5678', /Este DDD não existe/],
    ['meu número', /Use só números/],
    ['', /Digite o número com DDD/],
  ])('says of "%s" what is wrong, and asks for nothing', async (text, words) => {
    const { screen, user, asked } = await atSteps();
    await user.click(await screen.findByRole('button', { name: 'Conectar com o número' }));
    const field = await screen.findByLabelText('Número do celular com o WhatsApp');
    if (text) await user.type(field, text);
    await user.click(screen.getByRole('button', { name: 'Receber o código' }));
    expect(await screen.findByText(words)).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(asked()).toEqual([]);
  });

  it('comes after the notice like the QR code', async () => {
    const { screen, user, api } = await atSteps({ me: aMe({ linkNotices: [] }) });
    const way = await screen.findByRole<HTMLButtonElement>('button', { name: 'Conectar com o número' });
    expect(way.disabled).toBe(true);
    await user.click(screen.getByLabelText('Entendi e quero conectar por minha conta e risco'));
    await user.click(way);
    expect(await screen.findByLabelText('Número do celular com o WhatsApp')).toBeTruthy();
    expect(api.state.me.linkNotices).toHaveLength(1);
    expect(api.calls.some(({ path }) => path === '/api/whatsapp/connect')).toBe(false);
  });

  it('shows the code large, for which phone it is, and for how long it is good', async () => {
    const { screen } = await atCode({ phone, code: 'K7QX2MPD', expiresAt: inSeconds(165.5) });
    expect(await screen.findByRole('img', { name: 'Código: K 7 Q X 2 M P D' })).toBeTruthy();
    expect(screen.getByText('Código para +55 11 91234-5678')).toBeTruthy();
    expect(screen.getByText(/Vale por mais 2:4[56]/)).toBeTruthy();
    expect(screen.getByText('Toque em Conectar um aparelho e depois em Conectar com número de telefone')).toBeTruthy();
  });

  it('counts down to the end, and goes on with one click', async () => {
    const { screen, user, asked } = await atCode({ phone, code: 'K7QX2MPD', expiresAt: inSeconds(1.5) });
    await screen.findByText('Vale por mais 0:02');
    expect(await screen.findByText(/Este código venceu/, {}, { timeout: 4_000 })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Novo código' }));
    expect(await screen.findByText('Pedindo o código ao WhatsApp…')).toBeTruthy();
    expect(asked().map(({ body }) => body)).toEqual([{ phone: `+${phone}` }]);
  });

  it('asks for no more codes than WhatsApp likes, and says when it does again', async () => {
    const { screen, user, api } = await atCode({ phone, code: 'K7QX2MPD', expiresAt: inSeconds(100) });
    api.refuse('POST /api/whatsapp/pairing-code', 'too_many_attempts', { retryAfter: 290 });
    await user.click(await screen.findByRole('button', { name: 'Novo código' }));
    expect(
      await screen.findByText(/Você pediu muitos códigos.*Com o código QR, você pode conectar agora/),
    ).toBeTruthy();
    expect(await screen.findByText('Tente de novo em 5 min')).toBeTruthy();
  });

  it('says so in the form too, which leads to the QR code meanwhile', async () => {
    const { screen, user, api } = await atSteps();
    api.refuse('POST /api/whatsapp/pairing-code', 'too_many_attempts', { retryAfter: 90 });
    await user.click(await screen.findByRole('button', { name: 'Conectar com o número' }));
    await user.type(await screen.findByLabelText('Número do celular com o WhatsApp'), `+${phone}{Enter}`);
    expect(await screen.findByText(/Tente de novo em (?:90|89|88) s/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Receber o código' }).disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Usar o código QR' }));
    expect(await screen.findByRole('button', { name: 'Mostrar o código QR' })).toBeTruthy();
  });

  it('says when a new attempt may be begun, after too many', async () => {
    const { screen, user, api } = await atSteps({ whatsapp: aWhatsApp({ state: 'qr_expired' }) });
    api.refuse('POST /api/whatsapp/connect', 'too_many_attempts', { retryAfter: 350 });
    await user.click(await screen.findByRole('button', { name: 'Mostrar um novo código' }));
    expect(await screen.findByText(/Você já tentou conectar muitas vezes/)).toBeTruthy();
    expect(await screen.findByText('Tente de novo em 6 min')).toBeTruthy();
  });

  it('switches from the QR code to the form, and back', async () => {
    const { screen, user } = await atSteps({ whatsapp: aWhatsApp({ state: 'qr', qr }) });
    await user.click(await screen.findByRole('button', { name: 'Conectar com o número' }));
    await screen.findByLabelText('Número do celular com o WhatsApp');
    await user.click(screen.getByRole('button', { name: 'Usar o código QR' }));
    expect(await screen.findByRole('img', { name: /Código QR/ })).toBeTruthy();
  });

  it('switches from the code to the QR code', async () => {
    const { screen, user, asked } = await atCode({ phone, code: 'K7QX2MPD', expiresAt: inSeconds(100) });
    await user.click(await screen.findByRole('button', { name: 'Usar o código QR' }));
    expect(await screen.findByText('Abrindo o WhatsApp…')).toBeTruthy();
    expect(asked().map(({ method }) => method)).toEqual(['DELETE']);
  });

  it('says that WhatsApp does not know the number, and takes another one', async () => {
    const { screen, user } = await atCode({ phone, failure: 'not_on_whatsapp' });
    expect(await screen.findByText(/O WhatsApp não conhece o número \+55 11 91234-5678/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Tentar outro número' }));
    const field = await screen.findByLabelText<HTMLInputElement>('Número do celular com o WhatsApp');
    expect(field.value).toBe(`+${phone}`);
  });

  it('shows a code that was asked for in another tab', async () => {
    const { screen, api, sockets } = await atSteps({ whatsapp: aWhatsApp({ state: 'qr', qr }) });
    await screen.findByRole('img', { name: /Código QR/ });
    sockets[0]?.open();
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    const pairing = { phone, code: 'K7QX2MPD', expiresAt: inSeconds(100) };
    api.state.whatsapp = aWhatsApp({ state: 'code', pairing });
    sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
    expect(await screen.findByRole('img', { name: /Código: K 7/ })).toBeTruthy();
  });
});
