import type { Frame, Page } from 'puppeteer';
import { DeadlineError, withDeadline } from '../with-deadline.ts';
import { isNavigation } from './classify-failure.ts';

/** In WhatsApp's page; the modules are those that the library uses. */
interface PageWindow {
  require: (module: string) => PageModule;
}

interface PageModule {
  Socket: { logout(): unknown };
  Cmd: { on(event: 'logout' | 'logout_from_bridge', listener: () => void): void };
}

declare const window: PageWindow;

/**
 * Has the page unlink its device, and waits until it has. `Socket.logout` returns at once and tells WhatsApp up to
 * three seconds later; the library's `logout` closes the browser meanwhile, so that the phone never hears of it
 * (https://github.com/wwebjs/whatsapp-web.js/issues/3422).
 * The page is done when it says so, or loads anew as after a logout. It tries once only: the device's key goes first.
 * @returns false: neither came in time
 */
export async function unlink(page: Page, timeoutMs: number): Promise<boolean> {
  const left = Promise.withResolvers<true>();
  const onNavigated = (frame: Frame) => {
    if (!frame.parentFrame() && isAfterLogout(frame.url())) left.resolve(true);
  };
  page.on('framenavigated', onNavigated);
  const told = page
    .evaluate(async () => {
      await new Promise<void>((resolve) => {
        const { Cmd } = window.require('WAWebCmd');
        Cmd.on('logout_from_bridge', resolve);
        Cmd.on('logout', resolve);
        window.require('WAWebSocketModel').Socket.logout();
      });
    })
    .then(
      () => true,
      (error: unknown) => {
        if (isNavigation(error)) return left.promise;
        throw error;
      },
    );
  try {
    return await withDeadline(Promise.race([told, left.promise]), timeoutMs, 'Unlinking');
  } catch (error) {
    if (error instanceof DeadlineError) return false;
    throw error;
  } finally {
    page.off('framenavigated', onNavigated);
  }
}

function isAfterLogout(url: string): boolean {
  return URL.parse(url)?.searchParams.has('post_logout') ?? false;
}
