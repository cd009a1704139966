import type { Page } from 'puppeteer';
import { withDeadline } from '../../../with-deadline.ts';

/** In WhatsApp's page. */
interface PageWindow {
  __topActive?: { need: (module: string) => unknown };
}

interface Comms {
  maybeResetSocketLoop?: () => void;
}

declare const window: PageWindow;

/**
 * Has the page try to connect now. Without effect while it is connected; a page that has not begun to connect throws,
 * and is left alone.
 */
export async function pokeConnection(page: Page, timeoutMs: number): Promise<void> {
  await withDeadline(
    page.evaluate(() => {
      try {
        (window.__topActive?.need('WAComms') as Comms | undefined)?.maybeResetSocketLoop?.();
      } catch {
        // Nothing to hurry yet.
      }
    }),
    timeoutMs,
    'Poking the connection',
  );
}
