import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Page } from 'puppeteer-core';
import { vi } from 'vitest';
import type { z } from 'zod';
import { pageBuilds } from '../page-builds.ts';
import type { PageChanges } from '../page-settings.ts';
import { createWhatsAppWorld, type WhatsAppWorld } from '../server.ts';
import { chromium, chromiumArgs, newProfile } from './launch-client.ts';

/** The page by itself in real Chromium, without the library, linked to one phone. */
export interface OpenPage {
  world: WhatsAppWorld;
  page: Page;
  /** Loads another page in the same profile, and waits until it is synced. */
  serve(page: PageChanges): Promise<void>;
  /** What a script makes of the page. */
  read<T>(schema: z.ZodType<T>, script: string): Promise<T>;
  close(): Promise<void>;
}

export const pageOwner = '5511900000001';

/** The page waits for somebody to listen before it tells that it is synced. */
const listenToSync = `
  const waiting = setInterval(() => {
    if (window.importNamespace === undefined) return;
    clearInterval(waiting);
    window.importNamespace('WAWebSocketModel').Socket.on('change:hasSynced', () => {});
  }, 5);
`;

export async function openPage({ prepare }: { prepare: (world: WhatsAppWorld) => void }): Promise<OpenPage> {
  const dir = await mkdtemp(join(tmpdir(), 'whatsapp-page-'));
  const world = await createWhatsAppWorld({ dir, page: { build: pageBuilds[0] } });
  world.addPhone({ number: pageOwner, name: 'Clínica Ana' });
  prepare(world);
  const userDataDir = await newProfile();
  const browser = await launch({
    executablePath: chromium,
    userDataDir,
    headless: 'shell',
    env: { PATH: '/usr/bin:/bin', HOME: userDataDir, TZ: 'UTC', LANG: 'C.UTF-8' },
    args: [...world.chromiumArgs, ...chromiumArgs],
  });
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(listenToSync);
  await page.goto('https://web.whatsapp.com/');
  const code = await vi.waitFor(
    async () => {
      const text = String(await page.evaluate(qrCode));
      if (!text.startsWith('2@')) throw new Error('There is no code yet.');
      return text;
    },
    { timeout: 10_000, interval: 20 },
  );
  world.scan(pageOwner, code);
  await synced(page);

  return {
    world,
    page,
    async serve(settings) {
      world.setPage(settings);
      await page.reload();
      await synced(page);
    },
    read: async (schema, script) => schema.parse(await page.evaluate(script)),
    async close() {
      await browser.close();
      await world.close();
      await rm(dir, { recursive: true, force: true });
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the library makes of the page's keys. */
export const qrCode = `(async () => {
  const { Conn } = importNamespace('WAWebConnModel');
  const { encodeB64 } = importNamespace('WABase64');
  const noise = await importNamespace('WAWebUserPrefsInfoStore').waNoiseInfo.get();
  const { identityKeyPair } = await importNamespace('WAWebSignalStoreApi').waSignalStore.getRegistrationInfo();
  const secret = importNamespace('WAWebUserPrefsMultiDevice').getADVSecretKey();
  return [Conn.ref, encodeB64(noise.staticKeyPair.pubKey), encodeB64(identityKeyPair.pubKey), secret, '1'].join(',');
})()`;

async function synced(page: Page): Promise<void> {
  await page.waitForFunction(`window.importNamespace?.('WAWebSocketModel').Socket.hasSynced === true`, {
    timeout: 10_000,
    polling: 20,
  });
}
