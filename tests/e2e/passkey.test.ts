import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorldClient, registerUser, until, type AppUser, type WorldClient } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { pressAt } from '../support/keyboard.ts';
import { logIn } from '../support/owner.ts';
import {
  cardTexts,
  fullChromium,
  heldPasskeySchema,
  holdPasskey,
  launchPasskeyBrowser,
  readCard,
  type HeldPasskey,
  type PasskeyBrowser,
} from '../support/passkey-browser.ts';
import { textsOf } from '../support/texts.ts';

const ana = { name: 'Clínica da Ana', number: '5511970000301' };
const stranger = { name: 'Beto', number: '5511970000302' };
const codeSchema = z.object({ code: z.string() });

// One story in several steps over one stack: each step needs the one before, so a second try of one can't succeed.
describe.skipIf(fullChromium === undefined)('a link for which WhatsApp asks a passkey', { retry: 0 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'passkey-'));
  const logs: string[] = [];
  let stack: Stack;
  let world: WorldClient;
  let owner: AppUser;
  let browser: PasskeyBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await bootStack({ dir: join(dir, 'stack'), onLog: (line) => logs.push(line) });
    world = createWorldClient(stack.worldOrigin);
    await Promise.all([world.addPhone(ana), world.addPhone(stranger)]);
    await world.call('PUT', `/whatsapp/phones/${ana.number}/faults`, { passkeyAtLinking: true, compareCode: true });
    owner = await registerUser({ origin: stack.appOrigin, world, email: 'ana@example.com', name: 'Ana' });
    browser = await launchPasskeyBrowser({ dir, args: stack.whatsAppBrowserArgs });
    ({ page } = browser);
    await logIn(page, { origin: stack.appOrigin, email: owner.email });
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const passkeyOf = async ({ number }: { number: string }): Promise<HeldPasskey> =>
    heldPasskeySchema.parse(await world.call('GET', `/whatsapp/phones/${number}/passkey`));

  /**
   * Waits for a text on the owner's screen.
   * @throws with what stands there instead, and what the API says of the link, and what was logged last
   */
  async function expectText(text: string): Promise<void> {
    try {
      await page.getByText(text).waitFor();
    } catch (cause) {
      const screen = await page.locator('main').innerText();
      const status = JSON.stringify(await owner.status());
      throw new Error([`“${text}” didn't come.`, status, screen, ...logs.slice(-15)].join('\n'), { cause });
    }
  }

  /** Reads the code with the owner's phone, until WhatsApp asks. */
  async function scan(): Promise<void> {
    const code = await until(async () => (await owner.status()).qr?.code, { what: 'the QR code', timeoutMs: 30_000 });
    await world.scan(ana.number, code);
  }

  /** In WhatsApp's tab, whose card nothing in the page can see: by keyboard alone. */
  async function confirm(tab: Page, { isKnown = false } = {}): Promise<void> {
    if (!isKnown) {
      await tab.keyboard.press('Space');
      await tab.keyboard.press('Tab');
    }
    await enterLast(tab);
  }

  /** The same, with the button beside it. */
  async function refuse(tab: Page): Promise<void> {
    // From the tick of an address that was never signed for past the button that it keeps shut; from a known one's
    // button to the next.
    await tab.keyboard.press('Tab');
    await enterLast(tab);
  }

  /** Enter closes the tab, often with the key still down: then the browser tells the press as a failure. */
  async function enterLast(tab: Page): Promise<void> {
    const closed = tab.waitForEvent('close');
    await Promise.all([closed, tab.keyboard.press('Enter').catch(() => closed)]);
  }

  async function openCard(passkey: HeldPasskey, signCount?: number): Promise<Page> {
    const tab = await browser.clickExtension();
    await tab.waitForLoadState();
    expect(tab.url()).toBe('https://web.whatsapp.com/robots.txt');
    await holdPasskey(tab, passkey, signCount);
    await tab.waitForFunction(() => document.documentElement.lastElementChild?.localName === 'div');
    return tab;
  }

  it('tells of it early, and has the extension beside it', async () => {
    await page.getByText('o WhatsApp pode pedir a chave de acesso').click();
    const link = page.getByRole('link', { name: 'Baixar a extensão' });
    const archive = await page.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
    expect(archive.headers()['content-type']).toBe('application/zip');
    expect((await archive.body()).subarray(0, 2).toString()).toBe('PK');
    await page.getByLabel('Entendi e quero conectar por minha conta e risco').check();
    await page.getByRole('button', { name: 'Mostrar o código QR' }).click();
  });

  it('is refused by its owner in the extension’s card, which leads back to the app', async () => {
    await scan();
    await expectText('O WhatsApp quer confirmar que é você');
    const tab = await openCard(await passkeyOf(ana));
    expect(await readCard(tab)).toContain(new URL(stack.appOrigin).origin);
    await refuse(tab);
    await expectText('Você não confirmou com a chave de acesso');
    await page.getByRole('button', { name: 'Tentar de novo' }).press('Enter');
  });

  it('is given up when nobody signs in time, and neither card nor page takes it later', async () => {
    await world.call('PUT', `/whatsapp/phones/${ana.number}/faults`, { passkeyMs: 5_000 });
    await scan();
    await expectText('O WhatsApp quer confirmar que é você');
    const tab = await openCard(await passkeyOf(ana));
    await expectText('O prazo para confirmar com a chave de acesso passou');
    const saysExpired = async () => {
      const said = await readCard(tab);
      return cardTexts('expired').some((text) => said.includes(text));
    };
    await expect.poll(saysExpired, { timeout: 10_000 }).toBe(true);
    await tab.keyboard.press('Space');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    expect((await owner.status()).state).toBe('failed');
    await tab.close();
    await world.call('PUT', `/whatsapp/phones/${ana.number}/faults`, { passkeyMs: 600_000 });
    await page.getByRole('button', { name: 'Tentar de novo' }).press('Enter');
  });

  it('is refused with a key that is not the account’s, though everything else is right', async () => {
    await scan();
    await expectText('O WhatsApp quer confirmar que é você');
    const { privateKey } = await passkeyOf(stranger);
    await confirm(await openCard({ ...(await passkeyOf(ana)), privateKey }));
    await expectText('O WhatsApp não aceitou a confirmação');
    const { devices } = z
      .object({ devices: z.array(z.unknown()) })
      .parse(await world.call('GET', `/whatsapp/phones/${ana.number}`));
    expect(devices).toEqual([]);
  });

  it('goes through with the account’s own passkey and the same code on the phone, by keyboard', async () => {
    await page.getByRole('button', { name: 'Tentar de novo' }).press('Enter');
    await scan();
    await expectText('O WhatsApp quer confirmar que é você');
    await confirm(await openCard(await passkeyOf(ana)), { isKnown: true });
    await expectText('Seu celular mostra este mesmo código?');
    const { code } = codeSchema.parse(await world.call('GET', `/whatsapp/phones/${ana.number}/link-code`));
    await expectText(code);
    await page.getByRole('button', { name: 'É igual' }).press('Enter');
    await expectText('Conectado como Clínica da Ana');
  });

  it('warns of an attempt that was begun elsewhere, and can be signed without the extension', async () => {
    await world.call('DELETE', `/whatsapp/phones/${ana.number}/faults`);
    await world.call('PUT', `/whatsapp/phones/${ana.number}/faults`, { passkeyAtLinking: true });
    await world.logoutDevices(ana.number);
    await expectText('A conexão foi removida no celular');
    await page.setViewportSize({ width: 390, height: 844 });
    await owner.api.request('/api/whatsapp/connect', { method: 'POST', body: {} });
    await scan();
    await expectText('Você começou a conectar seu WhatsApp agora?');
    await page.getByRole('button', { name: 'Fui eu, em outro lugar' }).click();
    await page.getByText('Não posso instalar a extensão').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const script = await page.getByLabel('Código para o console').textContent();

    const elsewhere = await browser.context.newPage();
    await elsewhere.goto('https://web.whatsapp.com/robots.txt');
    await holdPasskey(elsewhere, await passkeyOf(ana), 1);
    const written = elsewhere.waitForEvent('console');
    await elsewhere.evaluate(script ?? '');
    await page.getByLabel('Resposta do console').fill((await written).text());
    await elsewhere.close();
    await page.getByRole('button', { name: 'Enviar a resposta' }).click();
    await expectText('Conectado como Clínica da Ana');
  });

  it('goes through in English too, on a small screen and by keyboard: refused in the card once, then confirmed', async () => {
    const t = textsOf('en');
    const step = page.getByRole('region', { name: t('setup.whatsapp.title') });
    const presses = (name: string) => pressAt(page, step.getByRole('button', { name, exact: true }));
    const asksInThreeSteps = async () => {
      await scan();
      const parts = ['title', 'installTitle', 'clickTitle', 'confirmTitle'] as const;
      for (const part of parts)
        await step
          .getByText(t(`passkey.${part}`))
          .first()
          .waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    };
    await owner.api.request('/api/me', { method: 'PATCH', body: { locale: 'en' } });
    await world.call('PUT', `/whatsapp/phones/${ana.number}/faults`, { compareCode: true });
    await world.logoutDevices(ana.number);
    await page.reload();
    await step.getByText(t('setup.whatsapp.loggedOut')).waitFor();

    await presses(t('setup.whatsapp.start'));
    await asksInThreeSteps();
    await refuse(await openCard(await passkeyOf(ana)));
    await step.getByText(t('setup.whatsapp.failure.passkey_refused')).waitFor();

    await presses(t('common.retry'));
    await asksInThreeSteps();
    await confirm(await openCard(await passkeyOf(ana), 2), { isKnown: true });
    await step.getByText(t('passkey.comparison.title')).waitFor();
    await presses(t('passkey.comparison.same'));
    await step.getByText(t('setup.whatsapp.linkedAs', { name: ana.name })).waitFor();
  });

  it('leaves nothing of what was signed in the logs', async () => {
    const { id } = await passkeyOf(ana);
    expect(logs.filter((line) => line.includes(id) || line.includes('clientDataJSON'))).toEqual([]);
  });
});
