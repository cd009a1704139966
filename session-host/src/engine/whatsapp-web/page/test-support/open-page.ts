import { launch, type Browser, type Page } from 'puppeteer';
import { installPrelude, type Prelude, type PreludeOptions } from '../prelude.ts';

export interface OpenedPage {
  page: Page;
  prelude: Prelude;
}

export interface PageOpener {
  /** A page at WhatsApp's address whose own script is `script`, with the prelude installed. */
  open(script: string, options?: PreludeOptions & { url?: string }): Promise<OpenedPage>;
  close(): Promise<void>;
}

/** A browser in which a few lines stand for WhatsApp's page: what one repair finds there. */
export async function launchPages(): Promise<PageOpener> {
  const browser: Browser = await launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
    headless: 'shell',
    pipe: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    async open(script, { url = 'https://web.whatsapp.com/', ...options } = {}) {
      const page = await browser.newPage();
      await page.setRequestInterception(true);
      const body = `<title>page</title><script>${script}</script>`;
      page.on('request', (request) => void request.respond({ contentType: 'text/html', body }));
      const prelude = await installPrelude(page, { off: (process.env.REPAIRS_OFF ?? '').split(','), ...options });
      await page.goto(url);
      return { page, prelude };
    },
    close: () => browser.close(),
  };
}

/** A page's register of modules, as WhatsApp's. */
export const registry = `
  const modules = {};
  window.require = (name) => {
    if (!(name in modules)) throw new Error('Requiring unknown module "' + name + '"');
    return modules[name];
  };
`;

/** WhatsApp's ids and message keys, whose text is own property under the name `alias`. */
export function keysNamed(alias: string): string {
  return `${registry}
  class Wid {
    constructor(text) { [this.user, this.server] = text.split('@'); this._serialized = text; }
    toString() { return this._serialized; }
  }
  class MsgKey {
    constructor({ fromMe, remote, id, self, participant }) {
      Object.assign(this, { fromMe, remote, id });
      if (self) this.self = self;
      if (participant) this.participant = participant;
      this['${alias}'] = [fromMe, remote, id, self, participant].filter((part) => part !== undefined).join('_');
    }
    toString() { return this['${alias}']; }
  }
  modules.WAWebMsgKey = MsgKey;
  modules.WAWebWidFactory = { createWid: (text) => new Wid(text) };
  const early = new MsgKey({ fromMe: false, remote: new Wid('1@c.us'), id: 'EARLY' });
  `;
}
