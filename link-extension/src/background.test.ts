import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type Listener = (...args: never[]) => unknown;

/** The parts of the browser that the background script uses, and the listeners that it has added. */
function createBrowser() {
  const listeners: Record<string, Listener> = {};
  const event = (name: string) => ({ addListener: (listener: Listener) => (listeners[name] = listener) });
  const setTitle = vi.fn<(told: { tabId: number; title: string }) => Promise<void>>(() => Promise.resolve());
  const chrome = {
    action: { onClicked: event('clicked'), setBadgeText: () => Promise.resolve(), setTitle },
    i18n: { getMessage: (name: string) => name },
    permissions: { request: () => Promise.resolve(true) },
    runtime: { onMessage: event('message') },
    scripting: { executeScript: () => Promise.reject(new Error('The page is gone')) },
    storage: { session: { get: () => Promise.resolve({ exchanges: { 7: {} } }) } },
    tabs: { onRemoved: event('removed'), onUpdated: event('updated') },
  };
  const fire = (name: string, ...args: unknown[]) => Reflect.apply(listeners[name] ?? fail, undefined, args);
  return { chrome, setTitle, fire };
}

function fail(): never {
  throw new Error('The script does not listen to it.');
}

describe('the background script', () => {
  let browser: ReturnType<typeof createBrowser>;
  beforeEach(async () => {
    browser = createBrowser();
    vi.stubGlobal('chrome', browser.chrome);
    vi.resetModules();
    await import('./background.ts');
  });
  afterEach(() => vi.unstubAllGlobals());

  it('says at the icon that a click could not be answered', async () => {
    browser.chrome.permissions.request = () => Promise.reject(new Error('No window'));
    browser.fire('clicked', { id: 3 });
    await expect.poll(() => browser.setTitle.mock.calls).toEqual([[{ tabId: 3, title: 'failed' }]]);
  });

  it('says at the icon of the tab that its card could not be put there', async () => {
    browser.fire('updated', 7, { status: 'complete' });
    await expect.poll(() => browser.setTitle.mock.calls).toEqual([[{ tabId: 7, title: 'cardFailed' }]]);
  });

  it('puts nothing into tabs of others, and says nothing there', async () => {
    browser.fire('updated', 8, { status: 'complete' });
    await new Promise((done) => setTimeout(done, 20));
    expect(browser.setTitle).not.toHaveBeenCalled();
  });
});
