import type { Page } from 'puppeteer';
import { EngineError } from '../../../engine.ts';
import { withDeadline } from '../../../with-deadline.ts';
import type { PreludeWindow } from '../repair-context.ts';

declare const window: PreludeWindow;

const timeoutMs = 15_000;

/**
 * "typing…" as the peer sees it, until a message is sent or 25 seconds have passed.
 * @throws {EngineError} where the page can't
 */
export async function showTyping(page: Page, peer: string): Promise<void> {
  const shown = await withDeadline(
    page.evaluate(async (to) => {
      const need = window.__topActive?.need;
      const wid = need?.('WAWebWidFactory')?.createWid?.(to);
      const send = need?.('WAWebChatStateBridge')?.sendChatStateComposing;
      if (!wid || !send) return false;
      await send(wid);
      return true;
    }, peer),
    timeoutMs,
    'Showing typing',
  );
  if (!shown) throw new EngineError('refused', "WhatsApp's page has no sendChatStateComposing");
}
