import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { soon } from './test-support/linked-owner.ts';
import { openPage, pageOwner, qrCode, type OpenPage } from './test-support/open-page.ts';

/** What the page has in every build, as WhatsApp's own modules have it. */

const bruno = '5511900000002';
const hidden = '5511900000003';
const collections = `importNamespace('WAWebCollections')`;
const chat = `${collections}.Chat.get('${bruno}@c.us')`;
const strings = z.array(z.string());

let open: OpenPage;

beforeAll(async () => {
  open = await openPage({
    prepare(world) {
      world.addPhone({ number: bruno, name: 'Bruno' });
      world.addPhone({ number: hidden, name: 'Oculta', addressing: 'lid' });
      const messages = Array.from({ length: 60 }, (_, i) => ({
        fromMe: false,
        text: `antiga ${i}`,
        t: 1_700_000_000 + i,
      }));
      world.addHistory({ phone: pageOwner, peer: bruno, messages });
    },
  });
}, 60_000);

afterAll(() => open.close());

/** A statement that sends a text to Bruno. Its value is what the page returns at once, and the message. */
function sending(text: string): string {
  return `(async () => {
    const chat = ${chat};
    const { default: Key } = importNamespace('WAWebMsgKey');
    const from = importNamespace('WAWebUserPrefsMeUser').getMaybeMePnUser();
    const id = new Key({ from, to: chat.id, id: await Key.newId(), selfDir: 'out' });
    const t = Math.floor(Date.now() / 1000);
    const data = { id, ack: 0, body: '${text}', from, to: chat.id, self: 'out', t, isNewMsg: true, type: 'chat' };
    const [message, sent] = importNamespace('WAWebSendMsgChatAction').addAndSendMsgToChat(chat, data);
    await sent;
    return message;
  })()`;
}

describe('models', () => {
  it('keep their attributes under keys of their own, and are read through the prototype', async () => {
    const first = `${collections}.Msg.getModelsArray()[0]`;
    const keys = await open.read(strings, `Object.keys(${first})`);
    expect(keys).toEqual(expect.arrayContaining(['__x_id', '__x_body', '__x_t']));
    expect(keys.filter((key) => !key.startsWith('__x_'))).toEqual([]);
    expect(
      await open.read(z.boolean(), `${first}.body === ${first}.__x_body && Object.hasOwn(${first}, 'body') === false`),
    ).toBe(true);
  });

  it('tell of what is set by their property', async () => {
    const heard = `(() => {
      const heard = [];
      const chat = ${chat};
      chat.on('change:archive', (_chat, value, before) => heard.push(String(before), String(value)));
      chat.archive = true;
      chat.archive = false;
      return heard;
    })()`;
    expect(await open.read(strings, heard)).toEqual(['false', 'true', 'true', 'false']);
  });

  it('hand over a chat with every message that is loaded, and without what is only for the session', async () => {
    const handed = z.object({ msgs: z.array(z.object({ body: z.string() })) }).loose();
    await open.read(
      z.unknown(),
      `importNamespace('WAWebChatLoadMessages').loadEarlierMsgs({ chat: ${chat} }).then(() => 1)`,
    );
    for (const how of [`${chat}.serialize()`, `JSON.parse(JSON.stringify(${chat}))`]) {
      const model = await open.read(handed, how);
      expect(model.msgs.length).toBeGreaterThan(50);
      expect(model).not.toHaveProperty('formattedTitle');
    }
    expect(await open.read(z.string(), `${chat}.formattedTitle`)).toBe('Bruno');
  });
});

describe('history', () => {
  const load = (what: string) =>
    `importNamespace('WAWebChatLoadMessages').loadEarlierMsgs({ chat: ${what} }).then((found) => String(found && found.length))`;

  it('ends with undefined', async () => {
    const answers: string[] = [];
    for (let i = 0; i < 4; i++) answers.push(await open.read(z.string(), load(chat)));
    expect(answers.at(-1)).toBe('undefined');
    expect(answers.at(-2)).toBe('undefined');
  });

  it('that cannot be had now is empty', async () => {
    const nobodys = `{ id: '0@c.us', complete: false, msgs: ${chat}.msgs, waitForChatLoading: () => Promise.resolve() }`;
    expect(await open.read(z.string(), load(nobodys))).toBe('0');
  });
});

describe('messages', () => {
  it('of one’s own are announced before they are stored, and before their chat has them', async () => {
    const order = await open.read(
      strings,
      `(async () => {
        const chat = ${chat};
        const order = [];
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (value, key) {
          if (this.name === 'unsent') order.push('stored');
          return put.call(this, value, key);
        };
        ${collections}.Msg.once('add', ({ id }) => order.push('announced', chat.msgs.get(id) === undefined ? 'not in the chat' : 'in the chat'));
        const { id } = await ${sending('minha')};
        IDBObjectStore.prototype.put = put;
        return [...order, chat.msgs.get(id) === undefined ? 'not in the chat' : 'in the chat'];
      })()`,
    );
    expect(order).toEqual(['announced', 'not in the chat', 'stored', 'in the chat']);
  });

  it('are deleted without a word about it', async () => {
    const returned = await open.read(
      z.string(),
      `(async () => {
        const message = await ${sending('engano')};
        return String(importNamespace('WAWebCmd').Cmd.sendRevokeMsgs(${chat}, { list: [message], type: 'message' }, { clearMedia: true }));
      })()`,
    );
    expect(returned).toBe('undefined');
    await vi.waitFor(() => {
      const copies = open.world.messages({ phone: bruno, peer: pageOwner });
      expect(copies.filter(({ type }) => type === 'revoked')).toHaveLength(1);
      expect(copies.map(({ text }) => text)).not.toContain('engano');
    }, soon);
  });

  it('are edited with options, trimmed, and never after their time', async () => {
    const edit = (t: string, options: string) => `(async () => {
      const message = await ${sending('às 15h')};
      ${t};
      try {
        await importNamespace('WAWebSendMessageEditAction').sendMessageEdit(message, '  às 16h ', ${options});
        return message.id.id;
      } catch (error) { return error.message; }
    })()`;
    expect(await open.read(z.string(), edit('', 'undefined'))).toContain('options');
    expect(await open.read(z.string(), edit('message.t -= 3600', '{}'))).toBe('Cannot edit message');
    const id = await open.read(z.string(), edit('', '{}'));
    await vi.waitFor(() => {
      const copy = open.world.messages({ phone: bruno, peer: pageOwner }).find((message) => message.id === id);
      expect(copy?.text).toBe('às 16h');
    }, soon);
  });
});

describe('a look-up', () => {
  it('answers the id by which the account knows the person, and no other', async () => {
    const ask = (number: string) =>
      `importNamespace('WAWebQueryExistsJob').queryWidExists(importNamespace('WAWebWidFactory').createWid('${number}@c.us')).then((found) => [String(found.wid), ...Object.keys(found)])`;
    expect(await open.read(strings, ask(bruno))).toEqual([`${bruno}@c.us`, 'wid', 'biz', 'bizInfo']);
    expect(await open.read(strings, ask(hidden))).toEqual([open.world.phone(hidden).lid, 'wid', 'biz', 'bizInfo']);
  });
});

describe('linking', () => {
  const api = `importNamespace('WAWebAltDeviceLinkingApi')`;
  const code = `${api}.startAltLinkingFlow('${pageOwner}', true)`;
  const error = (call: string) =>
    `(async () => { try { await ${call}; return null; } catch (error) { return { isError: error instanceof Error, name: error.name, message: error.message, type: error.type ?? null }; } })()`;
  const errorSchema = z.object({ isError: z.boolean(), name: z.string(), message: z.string(), type: z.unknown() });
  const shown = () =>
    vi.waitFor(async () => {
      const text = await open.read(z.string(), qrCode);
      expect(text).toMatch(/^2@/);
      return text;
    }, soon);

  beforeAll(async () => {
    const left = open.page.waitForNavigation();
    open.world.unlinkDevices(pageOwner);
    await left;
    await shown();
  });

  it('begins the connection anew without an answer, and answers what is asked meanwhile', async () => {
    const before = await shown();
    const { returned, state } = await open.read(
      z.object({ returned: z.string(), state: z.string() }),
      `(async () => {
        const returned = importNamespace('WAWebLaunchSocketUtils').refreshQR();
        await ${api}.initializeAltDeviceLinking();
        return { returned: String(returned), state: await ${code} };
      })()`,
    );
    expect(returned).toBe('undefined');
    expect(state).toMatch(/^[1-9A-Z]{8}$/);
    expect((await shown()).split(',')[0]).not.toBe(before.split(',')[0]);
    await open.read(z.unknown(), `${api}.initializeQRLinking().then(() => 1)`);
  });

  it('has no secret to scan while a code is wanted, and a new one afterwards', async () => {
    const before = await shown();
    await open.read(z.unknown(), `${api}.initializeAltDeviceLinking().then(() => 1)`);
    const without = await shown();
    expect(without.split(',')[3]).toBe('');
    expect(() => open.world.scan(pageOwner, without)).toThrow('secret');
    expect(() => open.world.scan(pageOwner, before)).toThrow('secret');
    await open.read(z.unknown(), `${api}.initializeQRLinking().then(() => 1)`);
    expect((await shown()).split(',')[3]).not.toBe(before.split(',')[3]);
    expect(() => open.world.scan(pageOwner, before)).toThrow('secret');
  });

  it('gives a code only where it is prepared for one, and refuses with an error of its own', async () => {
    expect(await open.read(errorSchema, error(code))).toMatchObject({ isError: true, message: /^Invariant/ });
    await open.read(z.unknown(), `${api}.initializeAltDeviceLinking().then(() => 1)`);
    open.world.setFaults({ refusePairingCodes: true }, pageOwner);
    expect(await open.read(errorSchema, error(code))).toEqual({
      isError: true,
      name: 'CompanionHelloError',
      message: expect.stringMatching(/IQErrorRateOverlimit$/),
      type: { name: 'IQErrorRateOverlimit', value: { text: 'rate-overlimit', code: 429 } },
    });
    open.world.clearFaults(pageOwner);
  });

  it('takes three answers to a code', async () => {
    const right = await open.read(z.string(), code);
    for (const wrong of ['AAAAAAA1', 'AAAAAAA2', 'AAAAAAA3']) {
      expect(() => open.world.enterPairingCode(pageOwner, wrong)).toThrow('wrong for this phone');
    }
    expect(() => open.world.enterPairingCode(pageOwner, right)).toThrow('wrong for this phone');
  });
});
