import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { z } from 'zod';
import { buildExtension } from '@top-active/link-extension/build';

const candidates = [process.env.FULL_CHROMIUM_PATH, '/usr/lib/chromium/chromium', '/opt/google/chrome/chrome'];

/** A whole Chromium, since the headless shell takes no extensions. Undefined where there is none. */
export const fullChromium = candidates.find((path) => path && existsSync(path));

/** A passkey as `/control/whatsapp/phones/:n/passkey` gives it. */
export const heldPasskeySchema = z.object({
  rpId: z.literal('whatsapp.com'),
  id: z.string(),
  userHandle: z.string(),
  privateKey: z.string(),
});
export type HeldPasskey = z.infer<typeof heldPasskeySchema>;

export interface PasskeyBrowser {
  context: BrowserContext;
  page: Page;
  /** Clicks the extension's icon on the app's page. @returns the tab of WhatsApp's that opens */
  clickExtension(): Promise<Page>;
  close(): Promise<void>;
}

/** The owner's own browser, with the link extension loaded; it takes the stand-in for WhatsApp. */
export async function launchPasskeyBrowser({
  dir,
  args,
}: {
  dir: string;
  args: readonly string[];
}): Promise<PasskeyBrowser> {
  const extension = join(dir, 'extension');
  await buildExtension('chromium', extension);
  const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
    ...(fullChromium !== undefined && { executablePath: fullChromium }),
    headless: false,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-sync',
      '--lang=pt-BR',
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      '--enable-unsafe-extension-debugging',
      ...args,
    ],
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(30_000);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const id = new URL(worker.url()).host;
  const [page] = context.pages();
  if (!page) throw new Error('The browser opened no page.');

  return {
    context,
    page,
    async clickExtension() {
      const cdp = await context.browser()?.newBrowserCDPSession();
      if (!cdp) throw new Error('The browser can not be spoken to.');
      const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{ type: 'tab' }] });
      const tab = targetInfos.find(({ url }) => url === page.url());
      const opened = context.waitForEvent('page');
      // @ts-expect-error -- Playwright's list of commands is older than this one.
      await cdp.send('Extensions.triggerAction', { id, targetId: tab?.targetId });
      await cdp.detach();
      return opened;
    },
    close: () => context.close(),
  };
}

/** Chromium's own authenticator in software, holding this passkey, its user always there and verified. */
export async function holdPasskey(
  page: Page,
  { rpId, id, userHandle, privateKey }: HeldPasskey,
  /** How often it has signed before: a count that goes back is that of a copy. */
  signCount = 0,
): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const toBase64 = (text: string) => Buffer.from(text, 'base64url').toString('base64');
  await cdp.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: toBase64(id),
      userHandle: toBase64(userHandle),
      isResidentCredential: true,
      rpId,
      privateKey,
      signCount,
    },
  });
}

const cardTextsSchema = z.record(z.string(), z.object({ message: z.string() }));

/**
 * A text of the extension's in every language that it has: it speaks that of the browser, for which the machine may
 * lack the files.
 */
export function cardTexts(name: string): string[] {
  return ['en', 'pt_BR'].map((locale) => {
    const file = new URL(`../../link-extension/_locales/${locale}/messages.json`, import.meta.url);
    const text = cardTextsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))[name];
    if (!text) throw new Error(`The extension has no text ${name} in ${locale}`);
    return text.message;
  });
}

/**
 * Everything that the extension's card says: its shadow root is closed to the page, but not to the browser's own tools.
 */
export async function readCard(tab: Page): Promise<string> {
  const cdp = await tab.context().newCDPSession(tab);
  await cdp.send('DOM.enable');
  const { nodes } = await cdp.send('DOM.getFlattenedDocument', { depth: -1, pierce: true });
  await cdp.detach();
  const textNode = 3;
  return nodes
    .filter(({ nodeType }) => nodeType === textNode)
    .map(({ nodeValue }) => nodeValue)
    .join('\n');
}
