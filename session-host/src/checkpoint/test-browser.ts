import { once } from 'node:events';
import { launch, type Browser, type Page } from 'puppeteer';

const chromiumPath = '/usr/lib/chromium/chromium-headless-shell';
const address = 'https://web.whatsapp.com/';

/** A browser on a profile, with a page of a script's own under WhatsApp's address. */
export interface TestBrowser {
  evaluate(expression: string): Promise<unknown>;
  /** As a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** For tests and measurements of checkpoints without WhatsApp. */
export async function openTestBrowser(profileDir: string, script: string): Promise<TestBrowser> {
  const browser = await launch({
    executablePath: chromiumPath,
    headless: 'shell',
    userDataDir: profileDir,
    args: ['--no-sandbox', '--disable-gpu', '--in-process-gpu', '--disable-quic', '--disable-dev-shm-usage'],
    env: { HOME: profileDir, PATH: '/usr/bin:/bin' },
  });
  try {
    const page = await openPage(browser, script);
    return {
      evaluate: (expression) => page.evaluate(expression),
      async kill() {
        const main = browser.process();
        if (!main) throw new Error('The browser has ended');
        const gone = once(main, 'exit');
        main.kill('SIGKILL');
        await gone;
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Nothing is asked of the network. */
async function openPage(browser: Browser, script: string): Promise<Page> {
  const [first] = await browser.pages();
  const page = first ?? (await browser.newPage());
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    void request.respond({ status: 200, contentType: 'text/html', body: `<!doctype html><script>${script}</script>` });
  });
  await page.goto(address);
  return page;
}
