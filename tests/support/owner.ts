import { expect } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { demoPassword, until, type WorldClient } from '@top-active/local/client';
import { readQr } from './qr.ts';
import { textsOf, type Text } from './texts.ts';

export interface Owner {
  context: BrowserContext;
  page: Page;
  email: string;
  name: string;
  /** Number of the owner's own phone. */
  phone: string;
}

export const password = 'uma senha bem longa 2026';
export const demoKey = 'sk-simulated-demo-key-0000000000000000000000';

/** Registers, takes the code from the simulated mailbox, and is in: without typing the password again. */
export async function register(
  { page, email, name }: Owner,
  { origin, world }: { origin: string; world: WorldClient },
): Promise<void> {
  await page.goto(`${origin}/criar-conta`);
  await page.getByLabel('Seu nome').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Criar conta' }).click();
  await page.getByText('Confira seu e-mail').waitFor();
  const code = await until(() => world.confirmationCode(email), { what: 'the confirmation mail', timeoutMs: 10_000 });
  // The sixth digit sends by itself.
  await page.getByLabel('Código de confirmação').fill(code);
  await page.getByRole('heading', { name: `Olá, ${name.split(' ')[0]}` }).waitFor();
}

/** Logs somebody in whom the API's client has registered. In the language that their browser has. */
export async function logIn(
  page: Page,
  { origin, email, t = textsOf('pt-BR') }: { origin: string; email: string; t?: Text },
): Promise<void> {
  await page.goto(`${origin}/entrar`);
  await page.getByLabel(t('auth.email')).fill(email);
  await page.getByLabel(t('auth.password'), { exact: true }).fill(demoPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: t('setup.whatsapp.title') }).waitFor();
}

export async function saveOpenAiKey({ page }: Owner, key: string): Promise<void> {
  await page.getByLabel('Chave da API').fill(key);
  await page.getByRole('button', { name: 'Verificar e salvar' }).click();
}

/** Goes through Google's consent page and comes back. */
export async function connectGoogle({ page, email }: Owner): Promise<void> {
  await page.getByRole('button', { name: 'Conectar o Google Agenda' }).click();
  await page.waitForURL(/\/google\//);
  // Accounts of other owners may be known to this Google already.
  const another = page.getByLabel('Usar outra conta');
  if (await another.isVisible()) await another.check();
  await page.getByRole('textbox').first().fill(email);
  await page.getByRole('button', { name: 'Permitir' }).click();
  await page.getByText(`Conectado como ${email}`).waitFor();
}

/**
 * Shows the QR code, decodes it from the screen, and scans it with the simulated phone.
 * @param beforeScan while the code is shown and nobody has scanned it yet
 * @returns what the code said
 */
export async function linkWhatsApp(
  { page, phone }: Owner,
  world: WorldClient,
  beforeScan?: () => Promise<unknown>,
): Promise<string> {
  await page.getByLabel('Entendi e quero conectar por minha conta e risco').check();
  await page.getByRole('button', { name: 'Mostrar o código QR' }).click();
  const code = page.getByRole('img', { name: 'Código QR para conectar o WhatsApp' });
  await code.waitFor({ timeout: 60_000 });
  const text = await until(async () => readQr(await code.screenshot()), {
    what: 'a readable QR code',
    timeoutMs: 15_000,
  });
  await beforeScan?.();
  await world.scan(phone, text);
  await page.getByText('Conectado como', { exact: false }).nth(1).waitFor({ timeout: 60_000 });
  return text;
}

/**
 * Links by keyboard alone: accepts the notice, types the number as people write it, and types the code that is shown on
 * the simulated phone. @returns the code
 */
export async function linkByTypedCode({ page, phone }: Owner, world: WorldClient): Promise<string> {
  await page.getByLabel('Entendi e quero conectar por minha conta e risco').focus();
  await page.keyboard.press('Space');
  // Past the button of the QR code to the one beside it.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // The form comes when it is asked for: how soon is the machine's matter, where the focus is then isn't.
  await page.getByLabel('Número do celular com o WhatsApp').waitFor();
  await expect.poll(() => page.getByLabel('Número do celular com o WhatsApp').evaluate(isFocused)).toBe(true);
  await page.keyboard.type(phone.replace(/^55(\d\d)(\d{5})(\d{4})$/, '(0$1) $2-$3'));
  await page.keyboard.press('Enter');
  const code = await codeOnScreen(page, { timeout: 60_000 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
  await world.call('POST', `/whatsapp/phones/${phone}/pairing-code`, { code });
  await page.getByText('Conectado como', { exact: false }).nth(1).waitFor({ timeout: 60_000 });
  return code;
}

async function codeOnScreen(page: Page, options: { timeout: number }): Promise<string> {
  const code = page.getByRole('img', { name: /^Código: / });
  await code.waitFor(options);
  return ((await code.getAttribute('aria-label')) ?? '').replace('Código:', '').replaceAll(' ', '');
}

const isFocused = (element: Element): boolean => element === element.ownerDocument.activeElement;

/** Unlinks, and says yes when asked. */
export async function unlinkWhatsApp({ page }: Owner): Promise<void> {
  const step = page.getByRole('region', { name: 'WhatsApp' });
  await step.getByRole('button', { name: 'Desconectar' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Desconectar' }).click();
  await step.getByRole('button', { name: 'Mostrar o código QR' }).waitFor({ timeout: 60_000 });
}

export async function openChat({ page }: Owner, { origin, name }: { origin: string; name: string }): Promise<void> {
  await page.goto(`${origin}/conversas`);
  await page.getByRole('link', { name }).click();
  await expect.poll(() => page.url()).toMatch(/conversas\/[0-9A-Z]{26}/);
}
