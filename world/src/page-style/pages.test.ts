import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createGoogleWorld, type GoogleWorld } from '../google/index.ts';
import { createMailbox, type Mailbox } from '../mailbox/index.ts';
import { serveApps, type Served } from '../test-support/serve.ts';
import { makeTemporaryFolder } from '../test-support/temporary-folder.ts';

const folder = makeTemporaryFolder();
const now = Date.parse('2026-11-24T11:05:00Z');
const redirectUri = 'http://127.0.0.1:9/callback';
let browser: Browser;
let google: GoogleWorld;
let mailbox: Mailbox;
let served: Served;

beforeAll(async () => {
  google = createGoogleWorld({ dir: folder.path, now: () => now });
  google.registerClient({ clientId: 'app', clientSecret: 'secret', redirectUris: [redirectUri], name: 'Top Active' });
  google.ensureAccount({ email: 'maria.souza.da.clinica.de.estetica@example.com', name: 'Maria Souza' });
  mailbox = createMailbox({ dir: folder.path });
  served = await serveApps({ '/google': google.app, '/mailbox': mailbox.app });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser?.close();
  mailbox.close();
  google.close();
  await served.close();
  folder.remove();
});

const consentPath = `/google/o/oauth2/v2/auth?${new URLSearchParams({
  client_id: 'app',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope:
    'openid email https://www.googleapis.com/auth/calendar.freebusy https://www.googleapis.com/auth/calendar.events',
  state: 's1',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
  access_type: 'offline',
  prompt: 'consent',
})}`;
const calendarPath = '/google/calendar/maria.souza.da.clinica.de.estetica@example.com';

async function onPage<T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page, problems: string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    locale: 'pt-BR',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  try {
    await page.goto(`${served.origin}${path}`);
    return await look(page, problems);
  } finally {
    await context.close();
  }
}

async function book(summary: string): Promise<void> {
  google.addEvent('maria.souza.da.clinica.de.estetica@example.com', {
    summary,
    start: { dateTime: '2026-11-25T14:00:00-03:00' },
    end: { dateTime: '2026-11-25T15:00:00-03:00' },
  });
}

describe.each([
  ['consent page', consentPath],
  ['consent page for a request that is wrong', '/google/o/oauth2/v2/auth?client_id=stranger'],
  ['calendar', calendarPath],
  ['calendar of an account that is not there', '/google/calendar/nobody@example.com'],
  ['mailbox', '/mailbox'],
])('%s', (_, path) => {
  it('is accessible in light and dark, fits a phone and keeps to its policy', async () => {
    mailbox.deliver({
      to: 'maria@example.com',
      subject: 'Seu código',
      text: 'Seu código é 123456.',
      kind: 'sign-up',
      code: '123456',
      at: now,
    });
    await onPage(path, { viewport: { width: 390, height: 800 } }, async (page, problems) => {
      expect(await violations(new AxeBuilder({ page }))).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(new AxeBuilder({ page }).withRules(['color-contrast']))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      // The sheet is applied: the policy allows exactly its hash.
      expect(await page.locator('.notice').evaluate((notice) => getComputedStyle(notice).textAlign)).toBe('center');
      expect(problems.filter((problem) => !problem.includes('status of 40'))).toEqual([]);
    });
  });
});

async function violations(axe: AxeBuilder): Promise<string[]> {
  const found = await axe.analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('consent page', () => {
  it('is decided by keyboard alone', async () => {
    await onPage(consentPath, {}, async (page) => {
      const left = page.waitForRequest((request) => request.url().startsWith(redirectUri));
      await page.getByRole('checkbox', { name: /Ver e editar os eventos/ }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Permitir' }).focus();
      await page.keyboard.press('Enter');
      const answer = new URL((await left).url()).searchParams;
      expect(answer.get('state')).toBe('s1');
      expect(answer.get('code')).toMatch(/^4\//);
      expect(answer.get('scope')).toContain('calendar.freebusy');
      expect(answer.get('scope')).not.toContain('calendar.events');
    });
  });

  it('takes a new account by its e-mail', async () => {
    await onPage(consentPath, { locale: 'en-US' }, async (page) => {
      const left = page.waitForRequest((request) => request.url().startsWith(redirectUri));
      await page.getByRole('radio', { name: 'Use another account' }).check();
      await page.getByRole('textbox', { name: 'E-mail of the simulated account' }).fill('joao@example.com');
      await page.getByRole('button', { name: 'Allow' }).click();
      await left;
    });
    expect(google.accounts().map(({ email }) => email)).toContain('joao@example.com');
  });
});

describe('calendar', () => {
  it('shows what is booked while it is open, and other weeks', async () => {
    await onPage(calendarPath, {}, async (page) => {
      await page.getByRole('heading', { name: 'quarta-feira, 25 de novembro' }).waitFor();
      await book('Limpeza de pele');
      await page.getByText('Limpeza de pele').waitFor({ timeout: 10_000 });
      await page.getByRole('link', { name: /Próxima semana/ }).click();
      await page.getByRole('heading', { name: 'quarta-feira, 2 de dezembro' }).waitFor();
      expect(await page.getByText('Limpeza de pele').count()).toBe(0);
    });
  });
});

describe('mailbox', () => {
  it('shows a mail at once and copies its code', async () => {
    await onPage('/mailbox', {}, async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      mailbox.clear();
      mailbox.deliver({
        to: 'joao@example.com',
        subject: 'Código novo',
        text: 'Código 987654',
        kind: 'sign-up',
        code: '987654',
        at: now,
      });
      const mail = page.getByRole('article', { name: 'Código novo' });
      await mail.getByRole('button', { name: 'Copiar código' }).click();
      await mail.getByRole('button', { name: 'Copiado' }).waitFor();
      await vi.waitFor(async () => expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('987654'));
    });
  });
});
