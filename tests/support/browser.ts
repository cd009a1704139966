import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that the scripts found or installed. @throws Error that says how to get one. */
function chromiumPath(): string {
  const found = candidates.find((path) => path && existsSync(path));
  if (!found)
    throw new Error('No Chromium was found: run the tests by `npm test`, which installs one, or set CHROMIUM_PATH.');
  return found;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A person's own browser window: own cookies, Portuguese unless told. Whatever the page complains about fails the test.
 */
export async function openWindow(
  browser: Browser,
  { width = 1280, height = 900, locale = 'pt-BR' } = {},
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    locale,
    timezoneId: 'America/Sao_Paulo',
    viewport: { width, height },
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is an expected answer (no session yet); the rest is a fault of the page, CSP violations
    // included.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints };
}
