import { within } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import type { LinkHealth } from '@top-active/core/contracts';
import { createFakeApi } from '../testing/fake-api.ts';
import { aMe, aWhatsApp } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

const since = '2026-11-23T15:00:00.000Z';
const account = { phone: '5511987654321', name: 'Lúcia', platform: 'android' };

async function open(at: string, health: Partial<LinkHealth>, locale: 'pt-BR' | 'en' = 'pt-BR') {
  const whatsapp = aWhatsApp({
    state: 'linked',
    account,
    health: { reception: { state: 'ok', since }, missing: [], restrictions: [], ...health },
  });
  const { screen } = await mountApp({ at, api: createFakeApi({ whatsapp, me: aMe({ locale }) }) });
  return screen;
}

/** What is said of it in Portuguese and in English. */
const told: [Partial<LinkHealth>, RegExp, RegExp][] = [
  [{ reception: { state: 'unreadable', since } }, /não conseguimos abrir aqui/, /we can’t open here/],
  [{ reception: { state: 'failing', since } }, /faltam mensagens aqui/, /messages have been missing here/],
  [
    { restrictions: [{ kind: 'reachout', level: 'limited' }] },
    /restringiu esta conta por tempo indeterminado/,
    /restricted this account for an unknown time/,
  ],
  [
    { restrictions: [{ kind: 'new_chats', level: 'warning', until: since, quota: { total: 20, used: 18 } }] },
    /pode começar 2 de 20 novas conversas até 23/,
    /can still start 2 of 20 new conversations until Nov 23/,
  ],
  [
    { restrictions: [{ kind: 'new_chats', level: 'warning', quota: { total: 20, used: 18 } }] },
    /pode começar 2 de 20 novas conversas\.$/,
    /can still start 2 of 20 new conversations\.$/,
  ],
];

describe('the health of the link', () => {
  it('is told on every page by its gravest trouble, and in full beside the link', async () => {
    const health: Partial<LinkHealth> = {
      reception: { state: 'late', since },
      page: { build: '2.3000.1048032155', since },
      missing: ['reaction', 'history'],
      restrictions: [{ kind: 'reachout', level: 'limited', until: since }],
    };
    const inbox = await open('/conversas', health);
    expect(await inbox.findByText(/as mensagens do WhatsApp chegam aqui com atraso/)).toBeTruthy();
    expect(inbox.getByRole('link', { name: 'Ver detalhes' }).getAttribute('href')).toBe('/');
  });

  it('names what is missing and since when', async () => {
    const screen = await open('/', { page: { build: 'x', since }, missing: ['reaction', 'history'] });
    const told =
      /mudou em 23 de nov\. de 2026, 12:00 e isto parou de funcionar aqui: ver reações e buscar mensagens antigas/;
    expect((await screen.findAllByText(told)).length).toBe(2);
  });

  for (const [health, portuguese, english] of told) {
    it(`says ${JSON.stringify(health)} in Portuguese`, async () => {
      const screen = await open('/conversas', health);
      expect(await screen.findByText(portuguese)).toBeTruthy();
    });
    it(`says ${JSON.stringify(health)} in English`, async () => {
      const screen = await open('/conversas', health, 'en');
      expect(await screen.findByText(english)).toBeTruthy();
    });
  }

  it('is no word while all is well', async () => {
    const screen = await open('/conversas', {});
    await screen.findByRole('heading', { name: 'Conversas' });
    expect(screen.queryByText(/WhatsApp (?:chegam|restringiu)|parou de funcionar aqui/)).toBeNull();
  });
});

describe('an account that WhatsApp restricts, once it is unlinked', () => {
  it('offers no new link before the end of the restriction, and says when that is', async () => {
    const restrictedUntil = new Date(Date.now() + 3_600_000).toISOString();
    const whatsapp = aWhatsApp({ state: 'logged_out', restrictedUntil });
    const { screen } = await mountApp({ at: '/', api: createFakeApi({ whatsapp }) });
    expect(await screen.findByText(/O WhatsApp restringiu esta conta até .* conectar antes pioraria/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /código QR|Conectar de novo/ })).toBeNull();
  });

  it('links it all the same where WhatsApp named no end, once its owner has read what that may lead to', async () => {
    const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
    const api = createFakeApi({ whatsapp: aWhatsApp({ state: 'unlinked', heldUntil }) });
    const { screen, user } = await mountApp({ at: '/', api });
    expect(await screen.findByText(/restringiu esta conta e não disse até quando.* conecte só depois de/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /código QR/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Conectar mesmo assim' }));
    const dialog = await screen.findByRole('dialog', { name: 'Conectar apesar da restrição?' });
    expect(dialog.textContent).toContain('pode prolongar a restrição ou bloquear a conta');
    await user.click(within(dialog).getByRole('button', { name: 'Conectar mesmo assim' }));
    await user.click(await screen.findByRole('button', { name: 'Mostrar o código QR' }));
    await expect
      .poll(() => api.calls.find(({ path }) => path === '/api/whatsapp/connect')?.body)
      .toEqual({ despiteRestriction: true });
  });

  it('says so with a request for a code, too', async () => {
    const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
    const api = createFakeApi({ whatsapp: aWhatsApp({ state: 'unlinked', heldUntil }), me: aMe({ locale: 'en' }) });
    const { screen, user } = await mountApp({ at: '/', api });
    expect(await screen.findByText(/restricted this account and didn’t say until when/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Connect anyway' }));
    const dialog = await screen.findByRole('dialog', { name: 'Connect despite the restriction?' });
    await user.click(within(dialog).getByRole('button', { name: 'Connect anyway' }));
    await user.click(await screen.findByRole('button', { name: 'Connect by phone number' }));
    await user.type(await screen.findByLabelText(/Number of the phone/), '11 91234-5678{Enter}');
    await expect
      .poll(() => api.calls.find(({ path }) => path === '/api/whatsapp/pairing-code')?.body)
      .toEqual({ phone: '+5511912345678', despiteRestriction: true });
  });

  it('offers it again afterwards', async () => {
    const whatsapp = aWhatsApp({ state: 'unlinked', restrictedUntil: '2026-01-01T00:00:00.000Z' });
    const { screen } = await mountApp({ at: '/', api: createFakeApi({ whatsapp }) });
    expect(await screen.findByRole('button', { name: 'Mostrar o código QR' })).toBeTruthy();
  });
});
