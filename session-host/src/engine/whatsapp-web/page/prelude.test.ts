import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysNamed, launchPages, registry, type PageOpener } from './test-support/open-page.ts';

let pages: PageOpener;
beforeAll(async () => {
  pages = await launchPages();
});
afterAll(() => pages.close());

/** What the library does once the page is in sync; it copies a message's key as `getMessageModel` does. */
const library = `
  window.WWebJS = {};
  window.WWebJS.getMessageModel = (message) => ({ ...message, id: Object.assign({}, message.id, { remote: String(message.id.remote) }) });
  window.WWebJS.getChatModel = async (chat) => ({ ...chat });
`;

describe('the prelude', () => {
  it('tells what became of each repair, anew for each document', async () => {
    const { page, prelude } = await pages.open(keysNamed('$1') + library);
    await expect
      .poll(() => prelude.reports())
      .toContainEqual({ name: 'message-keys', applied: true, how: 'MsgKey by own "$1"' });
    await page.goto('https://web.whatsapp.com/again');
    await expect.poll(() => prelude.reports().map(({ name }) => name)).toContain('message-keys');
    await page.goto('about:blank');
    await page.goto('https://web.whatsapp.com/?');
    expect(await page.evaluate('typeof window.__topActive.need')).toBe('function');
  });

  it('leaves other origins alone, and gives no page a way to the host', async () => {
    const { page } = await pages.open(registry, { url: 'https://example.org/' });
    expect(await page.evaluate('typeof window.__topActive')).toBe('undefined');
    expect(
      await page.evaluate('Object.getOwnPropertyNames(window).filter((name) => /^_[0-9a-f]{24}$/.test(name))'),
    ).toEqual([]);
  });

  it('tells of a repair that throws, and applies the others', async () => {
    const broken = `${keysNamed('$1')} modules.WAWebMsgKey = function () { throw new Error('me is undefined'); }; ${library}`;
    const { page, prelude } = await pages.open(broken);
    await expect
      .poll(() => prelude.reports())
      .toContainEqual({ name: 'message-keys', applied: false, how: 'failed: Error: me is undefined' });
    const model = 'window.WWebJS.getMessageModel({ id: early }).id._serialized';
    expect(await page.evaluate(model)).toBe('false_1@c.us_EARLY');
  });

  it('finds a module that comes later, and loads one that comes on demand', async () => {
    const { page } = await pages.open(`${registry}
      window.__d = () => {};
      window.asked = [];
      const genuine = window.require;
      window.require = (name) => { window.asked.push(name); return genuine(name); };
      modules.__debug = { modulesMap: modules };
      modules.ErrorGuard = { skipGuardGlobal() {} };
      modules.Bootloader = { loadModules: ([name], done) => setTimeout(() => { modules.WAWebChatForwardMessage = { by: name }; done(); }, 50) };
      window.later = () => { modules.WAWebCollections = { late: true }; };
    `);
    const need = (name: string) => page.evaluate(`window.__topActive.need(${JSON.stringify(name)})`);
    expect(await need('WAWebCollections')).toBeUndefined();
    await page.evaluate('window.later()');
    expect(await need('WAWebCollections')).toEqual({ late: true });
    expect(await need('WAWebChatForwardMessage')).toBeUndefined();
    await expect.poll(() => need('WAWebChatForwardMessage')).toEqual({ by: 'WAWebMediaForwardMediaMsg' });
    // Asking WhatsApp for what it doesn't have would be told to its servers.
    expect(await page.evaluate(`window.asked.filter((name) => name === 'WAWebCollections').length`)).toBe(1);
  });
});

describe.each(['$1', '$2', 'a', '_serialized'])('message keys named %s', (alias) => {
  it('are read as _serialized in the page, and cross its border', async () => {
    const { page } = await pages.open(keysNamed(alias) + library);
    expect(await page.evaluate('early._serialized')).toBe('false_1@c.us_EARLY');
    const message = `{
      id: new MsgKey({ fromMe: true, remote: new Wid('2@c.us'), id: 'SELF', self: 'out' }),
      latestEditMsgKey: early,
      quoted: { key: { fromMe: true, remote: '3@g.us', id: 'PLAIN', participant: '4@lid' } },
      t: 5,
    }`;
    expect(await page.evaluate(`window.WWebJS.getMessageModel(${message})`)).toMatchObject({
      id: { _serialized: 'true_2@c.us_SELF_out', remote: '2@c.us', id: 'SELF' },
      latestEditMsgKey: { _serialized: 'false_1@c.us_EARLY' },
      quoted: { key: { _serialized: 'true_3@g.us_PLAIN_4@lid' } },
      t: 5,
    });
    expect(await page.evaluate('window.WWebJS.getChatModel({ lastReceivedKey: early })')).toMatchObject({
      lastReceivedKey: { _serialized: 'false_1@c.us_EARLY' },
    });
    // The page's own keys are as they were.
    expect(await page.evaluate('Object.keys(early).sort()')).toEqual(['fromMe', 'id', 'remote', alias].toSorted());
  });
});

it('keys stay unreadable where the repairs are off', async () => {
  const { page } = await pages.open(keysNamed('$1') + library, { off: ['message-keys', 'leaving-keys'] });
  expect(await page.evaluate('early._serialized')).toBeUndefined();
  expect(await page.evaluate('window.WWebJS.getMessageModel({ id: early }).id._serialized')).toBeUndefined();
});
