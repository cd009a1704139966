import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineError } from '../../engine.ts';
import { fetchMessages } from './calls/fetch-messages.ts';
import { listChats } from './calls/list-chats.ts';
import { showTyping } from './calls/show-typing.ts';
import type { Msg } from './page-modules.ts';
import type { PageFact } from './repair-context.ts';
import { keysNamed, launchPages, registry, type OpenedPage, type PageOpener } from './test-support/open-page.ts';

/** Each test is named by the repair that it needs, and fails without it: `npm run prove -- page-mutations`. */

let pages: PageOpener;
const opened: OpenedPage[] = [];
beforeAll(async () => {
  pages = await launchPages();
});
afterEach(() => Promise.all(opened.splice(0).map(({ page }) => page.close())));
afterAll(() => pages.close());

async function open(...args: Parameters<PageOpener['open']>): Promise<OpenedPage> {
  const found = await pages.open(...args);
  opened.push(found);
  return found;
}

/** Two chats of one person's two ids, of which the page has the second alone, and collections. */
const chats = `${keysNamed('$1')}
  const number = new Wid('1@c.us');
  const hidden = new Wid('2@lid');
  const listOf = (models) => ({ models, getModelsArray: () => models, get: (id) => models.find((model) => String(model.id) === String(id)) });
  const message = (id, t, more = {}) => ({ id: new MsgKey({ fromMe: false, remote: hidden, id }), t, type: 'chat', body: id, serialize() { return { ...this, serialize: undefined }; }, ...more });
  const chat = { id: hidden, t: 1, unreadCount: 3, msgs: listOf([message('LAST', 9)]) };
  modules.WAWebCollections = { Chat: listOf([chat]), Msg: listOf([]) };
  modules.WAWebApiContact = { getAlternateUserWid: (wid) => (String(wid) === '1@c.us' ? hidden : number) };
  window.WWebJS = {};
  window.WWebJS.getMessageModel = (message) => message.serialize();
`;

describe('message-keys', () => {
  it('message-keys: gives the library a text for keys of the page, whatever their own name for it', async () => {
    const { page } = await open(keysNamed('q') + 'window.WWebJS = {};');
    expect(await page.evaluate('early._serialized')).toBe('false_1@c.us_EARLY');
  });

  it('leaving-keys: gives it to copies too', async () => {
    const { page } = await open(chats);
    expect(await page.evaluate('window.WWebJS.getMessageModel(chat.msgs.models[0])')).toMatchObject({
      id: { _serialized: 'false_2@lid_LAST' },
    });
  });
});

describe('the library', () => {
  it("sibling-chat: finds the chat under the person's other id", async () => {
    const { page } = await open(`${chats} window.WWebJS.getChat = async () => undefined;`);
    expect(
      await page.evaluate(`window.WWebJS.getChat('1@c.us', { getAsModel: false }).then((found) => found === chat)`),
    ).toBe(true);
    expect(
      await page.evaluate(
        `window.WWebJS.getChat('7@c.us', { getAsModel: false }).then((found) => found === undefined)`,
      ),
    ).toBe(true);
  });

  it('sent-message: is given the message that was sent, which it does not find itself', async () => {
    const { page } = await open(`${chats} window.WWebJS.sendMessage = async (to, text) => {
      chat.msgs.models.push(message('SENT', 10, { id: new MsgKey({ fromMe: true, remote: hidden, id: 'SENT' }), body: text }));
    };`);
    expect(await page.evaluate(`window.WWebJS.sendMessage(chat, 'oi', {}).then((sent) => sent.id.id)`)).toBe('SENT');
  });

  it('is given no message where none was sent', async () => {
    const { page } = await open(`${chats} window.WWebJS.sendMessage = async () => undefined;`);
    expect(await page.evaluate(`window.WWebJS.sendMessage(chat, 'LAST', {}).then((sent) => sent === undefined)`)).toBe(
      true,
    );
  });

  it('seen-signature: marks a chat as seen where it is handed over by itself', async () => {
    const { page } = await open(`${chats}
      window.seen = [];
      modules.WAWebUpdateUnreadChatAction = { sendSeen: async (chat) => window.seen.push(chat.id.user) };
      window.WWebJS.sendSeen = async () => modules.WAWebUpdateUnreadChatAction.sendSeen({ chat, threadId: undefined });`);
    // What is thrown in the page comes as text: its stack names no file that could be read.
    expect(await page.evaluate(`window.WWebJS.sendSeen('2@lid').catch(String)`)).toBe(true);
    expect(await page.evaluate('window.seen')).toEqual(['2']);
  });

  it("media-id: doesn't put a file's id into the message that is sent", async () => {
    const { page } = await open(`${registry} window.WWebJS = {};
      window.WWebJS.processMediaData = async () => Object.assign(Object.create({ toJSON: () => ({ id: undefined, mimetype: 'image/png' }) }), { __x_id: undefined, size: 3 });`);
    const sent = await page.evaluate(`window.WWebJS.processMediaData({}, {}).then((made) => {
      const message = { id: 'KEY', ...made, ...made.toJSON() };
      return { keys: Object.keys(message).filter((key) => typeof message[key] !== 'function').sort(), id: message.id };
    })`);
    expect(sent).toEqual({ keys: ['id', 'mimetype', 'size'], id: 'KEY' });
  });

  it.each([
    ['gone', ''],
    ['without its Map', 'modules.WAWebCallCollection = { on() {} };'],
  ])('listener-modules: attaches its listeners although a module for calls is %s', async (_, calls) => {
    const { page } = await open(`${registry} ${calls}
      window.ask = (name) => { try { return typeof window.require(name); } catch { return 'throws'; } };
      window.WWebJS = {};`);
    const asked = await page.evaluate(`['WAWebSyncGatingUtils', 'WAWebCallCollection', 'WAWebOther'].map(window.ask)`);
    expect(asked).toEqual(['object', 'undefined', 'throws']);
  });

  it('hidden-require: asks for modules where the loader keeps its require to itself', async () => {
    const { page } = await open(`${keysNamed('$1')}
      const hidden = window.require;
      delete window.require;
      window.importNamespace = (name) => { const found = hidden(name); return typeof found === 'function' ? { default: found } : { ...found }; };`);
    await expect.poll(() => page.evaluate(`typeof window.require`)).toBe('function');
    expect(
      await page.evaluate(
        `[window.require('WAWebMsgKey') === MsgKey, typeof window.require('WAWebWidFactory').createWid]`,
      ),
    ).toEqual([true, 'function']);
  });
});

describe('the page', () => {
  it('logout-reason: tells why a link ends', async () => {
    const facts: PageFact[] = [];
    const script = `${registry} modules.WAWebLogoutReason = { getErrorCodeFromLogoutReason: () => 7 }; window.WWebJS = {};`;
    const { page } = await open(script, { onFact: (fact) => facts.push(fact) });
    expect(
      await page.evaluate(`window.require('WAWebLogoutReason').getErrorCodeFromLogoutReason('account_locked')`),
    ).toBe(7);
    await expect.poll(() => facts).toEqual([{ type: 'logout-reason', reason: 'account_locked' }]);
  });

  it('message-changes: takes what was planned for gone once it stays away, not when it is put there anew', async () => {
    const facts: PageFact[] = [];
    const script = `${registry}
      const held = [];
      const listeners = {};
      modules.WAWebCollections = { Msg: { on: (event, listener) => { listeners[event] = listener; }, getModelsArray: () => held } };
      window.WWebJS = { getMessageModel: ({ id }) => ({ id }) };
      const planned = (id) => ({ id: { fromMe: true, remote: '1@c.us', id }, viewMode: 'SCHEDULED_MESSAGE' });
      window.remove = (id) => listeners.remove(planned(id));
      window.add = (id) => held.push({ ...planned(id), viewMode: 'VISIBLE' });
    `;
    const { page } = await open(script, { onFact: (fact) => facts.push(fact) });
    await page.evaluate(`window.remove('SENT'); window.add('SENT'); window.remove('CANCELLED');`);
    const ids = () => facts.map((fact) => ('model' in fact ? (JSON.parse(fact.model) as Msg).id.id : fact.type));
    await expect.poll(ids, { timeout: 9_000 }).toEqual(['CANCELLED']);
  });

  const dialog = (title: string, button: string) =>
    `document.body.innerHTML = '<div role="dialog"><h1>${title}</h1>${button}</div>'; document.querySelector('button').onclick = () => document.body.replaceChildren();`;

  it.each([
    ['by its test id', dialog('Qualquer', '<button data-testid="whats_new_continue_button">Seguir</button>')],
    ['by its heading', dialog('What’s new on WhatsApp Web', '<button>Continue</button>')],
    ['by its heading in Portuguese', dialog('Novidades no WhatsApp', '<button aria-label="Fechar">x</button>')],
  ])('whats-new: closes the dialog that tells what is new, %s', { timeout: 20_000 }, async (_, show) => {
    const { page } = await open(registry);
    await page.evaluate(show);
    await expect
      .poll(() => page.evaluate(`document.querySelector('[role=dialog]') === null`), { timeout: 9_000 })
      .toBe(true);
  });

  it('leaves every other dialog alone', { timeout: 20_000 }, async () => {
    const { page } = await open(registry);
    await page.evaluate(dialog('Sair deste aparelho?', '<button>Continuar</button>'));
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await page.evaluate(`document.querySelector('[role=dialog]') !== null`)).toBe(true);
  });
});

describe('fetching', () => {
  const idsOf = (models: unknown[]) => models.map((model) => (model as { id: { id: string } }).id.id);
  const earlier = `const earlier = [message('A', 1), message('B', 2)]; const load = async (chat) => { if (chat.done) return undefined; chat.done = true; chat.msgs.models.unshift(...earlier); return earlier; };`;

  it('history-signature: loads earlier messages where the chat is handed over by itself', async () => {
    const { page } = await open(
      `${chats} ${earlier} modules.WAWebChatLoadMessages = { loadEarlierMsgs: async (chat) => { chat.id.toString(); return load(chat); } };`,
    );
    const { models, complete } = await fetchMessages(page, { peer: '2@lid', limit: 50 });
    expect(idsOf(models)).toEqual(['A', 'B', 'LAST']);
    expect(complete).toBe(true);
  });

  it('history-database: finds them in the database where nothing loads them', async () => {
    const { page } = await open(
      `${chats} ${earlier} modules.WAWebDBMessageFindLocal = { msgFindByDirection: async ({ anchor, direction }) => ({ status: 200, messages: String(anchor) === 'false_2@lid_LAST' && direction === 'before' ? earlier : [] }) };`,
    );
    const { models, complete } = await fetchMessages(page, { peer: '1@c.us', limit: 50 });
    expect(idsOf(models)).toEqual(['A', 'B', 'LAST']);
    expect(complete).toBe(false);
  });

  it('takes an empty answer for "nothing now", and undefined for the end', async () => {
    const answers = (answer: string) =>
      `${chats} modules.WAWebChatLoadMessages = { loadEarlierMsgs: async () => ${answer} };`;
    const nothing = await open(answers('[]'));
    expect(await fetchMessages(nothing.page, { peer: '2@lid', limit: 5 })).toMatchObject({ complete: false });
    const end = await open(answers('undefined'));
    expect(await fetchMessages(end.page, { peer: '2@lid', limit: 5 })).toMatchObject({ complete: true });
    // The first of them was left out.
    expect(await fetchMessages(end.page, { peer: '2@lid', limit: 1 })).toMatchObject({ complete: false });
  });

  it('hurts no message by another that cannot be taken apart', async () => {
    const { page } = await open(`${chats}
      chat.msgs.models.push(message('THROWS', 10, { serialize() { throw new Error('no'); } }), message('ROUND', 11, { serialize() { const round = { ...this }; round.round = round; return round; } }), { t: 12, serialize() { throw new Error('no'); } }, message('GOOD', 13));`);
    const { models, unreadable } = await fetchMessages(page, { peer: '2@lid', limit: 4 });
    expect(models).toMatchObject([
      { id: { id: 'THROWS', fromMe: false, remote: '2@lid' }, t: 10, type: 'chat', body: 'THROWS' },
      { id: { id: 'ROUND' } },
      { id: { id: 'GOOD' } },
    ]);
    expect(unreadable).toBe(1);
  });

  it('lists every chat that can be read', async () => {
    const { page } = await open(
      `${chats} modules.WAWebCollections.Chat.models.push({ get id() { throw new Error('no'); } }, { id: new Wid('status@broadcast') }, { id: new Wid('3@g.us'), t: 'x' });`,
    );
    expect(await listChats(page)).toEqual([
      { peer: '2@lid', lastMessageAt: 1, unread: 3 },
      { peer: '3@g.us', lastMessageAt: 0, unread: 0 },
    ]);
  });

  it('says what the page lacks for typing', async () => {
    const { page } = await open(chats);
    const refused: Partial<EngineError> = { outcome: 'refused' };
    await expect(showTyping(page, '2@lid')).rejects.toMatchObject(refused);
  });
});
