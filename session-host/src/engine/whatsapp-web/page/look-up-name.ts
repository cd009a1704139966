import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';
import { clipped, maxNameLength } from '../messages/clip.ts';
import type { PreludeWindow } from './repair-context.ts';

declare const window: PreludeWindow;

const timeoutMs = 5_000;

/**
 * What the page calls somebody: by the owner's address book, else as they call themselves. Undefined where it doesn't
 * know, or doesn't answer in time.
 */
export async function lookUpName(page: Page, waId: string): Promise<string | undefined> {
  const looking = page.evaluate((id) => {
    const need = window.__topActive?.need;
    const wid = need?.('WAWebWidFactory')?.createWid?.(id);
    const contact = wid && need?.('WAWebCollections')?.Contact?.get?.(wid);
    return [contact?.name, contact?.verifiedName, contact?.pushname].find((name) => name);
  }, waId);
  // A name is never worth the message that it belongs to.
  const found = await withDeadline(looking, timeoutMs, 'Looking up a name').catch(() => undefined);
  return clipped(z.string().safeParse(found).data, maxNameLength);
}
