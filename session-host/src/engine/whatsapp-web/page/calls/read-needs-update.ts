import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../../with-deadline.ts';

/** In WhatsApp's page. */
interface PageWindow {
  __topActive?: { need: (module: string) => unknown };
}

declare const window: PageWindow;

/** Whether the page says that there is a newer version of it. */
export async function readNeedsUpdate(page: Page, timeoutMs: number): Promise<boolean> {
  const needsUpdate = await withDeadline(
    page.evaluate(() => {
      const module = window.__topActive?.need('WAWebStreamModel') as { Stream?: { needsUpdate?: unknown } } | undefined;
      return module?.Stream?.needsUpdate === true;
    }),
    timeoutMs,
    'Looking for a newer page',
  );
  return z.boolean().parse(needsUpdate);
}
