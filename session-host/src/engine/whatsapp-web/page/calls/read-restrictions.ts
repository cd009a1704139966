import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../../with-deadline.ts';

/** In WhatsApp's page. */
interface PageWindow {
  require?: (module: string) => unknown;
  __topActive?: { need: (module: string) => unknown };
}

interface Prefs {
  userPrefsIdb?: { get(key: string): Promise<unknown> };
}

interface RestrictionUtils {
  isUserReachoutTimelocked?: () => boolean;
  getCappingData?: () => unknown;
}

declare const window: PageWindow;

const timeoutMs = 10_000;

const prefsSchema = z.object({ timelock: z.unknown(), capping: z.unknown() });

/**
 * What the page's own memory says of restrictions; it changes when WhatsApp tells of one. Cheap, and nothing is sent
 * for it. Undefined where the page doesn't have it.
 */
export async function readRestrictionSign(page: Page): Promise<string | undefined> {
  const sign = await withDeadline(
    page.evaluate(() => {
      const need = (name: string) => window.__topActive?.need(name) as RestrictionUtils | undefined;
      try {
        const locked = need('WAWebReachoutTimelockUtils')?.isUserReachoutTimelocked?.();
        const capping = need('WAWebIndividualNewChatMessageCappingLimitUtils')?.getCappingData?.();
        return JSON.stringify([locked, capping]);
      } catch {
        // Only a hint that the preferences are worth a read before their time.
        return undefined;
      }
    }),
    timeoutMs,
    'Looking for restrictions',
  );
  return z.string().optional().parse(sign);
}

/** The two preferences in which the page keeps what WhatsApp forbids the account. Nothing is sent for it. */
export async function readRestrictionPrefs(page: Page): Promise<z.infer<typeof prefsSchema>> {
  const prefs = await withDeadline(
    page.evaluate(async () => {
      const storage = window.__topActive?.need('WAWebUserPrefsIndexedDBStorage') as Prefs | undefined;
      const get = async (key: string) => (await storage?.userPrefsIdb?.get(key)) ?? null;
      return { timelock: await get('WAReachoutTimelockState'), capping: await get('WANewChatMessageCappingData') };
    }),
    timeoutMs,
    'Reading restrictions',
  );
  return prefsSchema.parse(prefs);
}
