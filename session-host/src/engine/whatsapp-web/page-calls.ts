import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../with-deadline.ts';

/**
 * Functions given to `page.evaluate` run in WhatsApp's page; of its modules they use only such as the library uses too.
 */
interface PageWindow {
  require?: (module: string) => PageModule;
  WWebJS?: object;
  onAppStateHasSyncedEvent?: () => Promise<void>;
}

interface PageModule {
  Socket: { state?: string; hasSynced?: boolean };
}

declare const window: PageWindow;
declare const localStorage: Record<string, string>;
declare const location: { origin: string };

const whatsAppOrigin = 'https://web.whatsapp.com';

const callTimeoutMs = 15_000;

const heartbeatSchema = z.object({
  /** WhatsApp's connection state; `BOOTING` before it has one. */
  state: z.string(),
  hasSynced: z.boolean(),
  /** Whether the library's functions are in the page. */
  injected: z.boolean(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** What the browser shows is WhatsApp's own page, and not a page of the browser's on why there is none. */
export function isWhatsApp(page: Page): boolean {
  return URL.parse(page.url())?.origin === whatsAppOrigin;
}

export async function readHeartbeat(page: Page, timeoutMs: number): Promise<Heartbeat> {
  const beat = await withDeadline(
    page.evaluate(() => {
      const injected = typeof window.WWebJS !== 'undefined';
      try {
        const socket = window.require?.('WAWebSocketModel').Socket;
        return { state: socket?.state ?? 'BOOTING', hasSynced: socket?.hasSynced === true, injected };
      } catch {
        // Modules are defined one after the other while the page loads.
        return { state: 'BOOTING', hasSynced: false, injected };
      }
    }),
    timeoutMs,
    'Heartbeat',
  );
  return heartbeatSchema.parse(beat);
}

/**
 * Does what the library does when WhatsApp tells that it has synchronised. It misses that when it happens before it
 * listens. Repeating it is harmless. Rejects with what the library threw.
 */
export async function announceSynced(page: Page): Promise<void> {
  await withDeadline(
    page.evaluate(() => window.onAppStateHasSyncedEvent?.()),
    60_000,
    'Announcing the synchronisation',
  );
}

/**
 * Chromium writes Local Storage to disk with long delays, so it is saved from the page. @throws while another page than
 * WhatsApp's is shown
 */
export async function readLocalStorage(page: Page): Promise<Record<string, string>> {
  const items = await withDeadline(
    page.evaluate((origin) => (location.origin === origin ? { ...localStorage } : null), whatsAppOrigin),
    callTimeoutMs,
    'Reading Local Storage',
  );
  if (!items) throw new Error('The page is not that of WhatsApp');
  return z.record(z.string(), z.string()).parse(items);
}

/**
 * Fills Local Storage before the page's own scripts run. Returns what ends it: a later document must not get old
 * values.
 */
export async function restoreLocalStorage(
  page: Page,
  items: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const { identifier } = await page.evaluateOnNewDocument(
    (origin, saved) => {
      if (location.origin !== origin) return;
      for (const [key, value] of Object.entries(saved)) localStorage[key] = value;
    },
    whatsAppOrigin,
    items,
  );
  return () => page.removeScriptToEvaluateOnNewDocument(identifier);
}
