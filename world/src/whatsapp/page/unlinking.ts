import type { App } from './app.ts';

/** The page gives WhatsApp so long to hear of it, then it leaves all the same. */
const patienceMs = 3_000;

/**
 * Returns at once, and so does `Socket.logout` of the page: WhatsApp is asked behind it, and only if the page lives
 * until then. The device's secret is gone from the start, so nobody can try again. When WhatsApp confirms, the page
 * hears of it as of any unlinking (`logged-out`).
 * @param leave clears what is left of the link, and loads the page anew as after a logout
 */
export function unlinkBehind(app: App, leave: () => Promise<void>): undefined {
  app.device = { ...app.device, token: null };
  void app.store.save(app.device);
  setTimeout(() => {
    // Nobody answers: the page is as unlinked as it can be, and the phone doesn't know.
    app.wire.request('unlink', {}, { timeoutMs: patienceMs }).catch(leave);
  }, app.acted.logoutMs);
  return undefined;
}
