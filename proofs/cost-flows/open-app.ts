import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { demoPassword } from '@top-active/local/client';
import type { Owner } from './owner.ts';

export interface OpenApp {
  page: Page;
  /** What the page has fetched from the app's origin: as many requests and bytes to CloudFront. */
  fetched: () => { requests: number; bytes: number };
  /** Resolves once the open chat shows the text: a hint came, and the page fetched what it tells of. */
  shows(text: string): Promise<void>;
  close(): Promise<void>;
}

const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
];
const browserArgs = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** The app in a browser of its own, logged in, with nothing cached. */
export async function openApp({ owner: { user }, origin }: { owner: Owner; origin: string }): Promise<OpenApp> {
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium was found: set CHROMIUM_PATH.');
  const browser = await chromium.launch({ executablePath, args: browserArgs });
  try {
    const page = await (await browser.newContext({ locale: 'pt-BR' })).newPage();
    const fetched = countFetched(page, origin);
    await page.goto(`${origin}/entrar`);
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Senha', { exact: true }).fill(demoPassword);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/entrar'));
    const shows = (text: string) => page.getByRole('log').getByText(text, { exact: true }).waitFor();
    return { page, fetched, shows, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

function countFetched(page: Page, origin: string): OpenApp['fetched'] {
  const counted = { requests: 0, bytes: 0 };
  page.on('requestfinished', (request) => {
    if (!request.url().startsWith(origin)) return;
    void request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
      const bytes = responseBodySize + responseHeadersSize;
      // What the browser has in its cache weighs nothing.
      if (bytes > 0) counted.requests += 1;
      counted.bytes += bytes;
      return counted;
    });
  });
  return () => ({ ...counted });
}
