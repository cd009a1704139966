import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { newestBuild } from './page-builds.ts';
import type { PageChanges } from './page-settings.ts';
import { soon } from './test-support/linked-owner.ts';
import { openPage, pageOwner, type OpenPage } from './test-support/open-page.ts';

/** Each rehearsal on the newest build: what it takes away is gone, and was there without it. */

const bruno = '5511900000002';
const collections = `importNamespace('WAWebCollections')`;
const chat = `${collections}.Chat.getModelsArray()[0]`;
const outcome = (call: string) =>
  `(async () => { try { await ${call}; return 'done'; } catch (error) { return error.name; } })()`;

type Rehearsals = NonNullable<PageChanges['rehearsals']>;

let open: OpenPage;

beforeAll(async () => {
  open = await openPage({
    prepare(world) {
      world.addPhone({ number: bruno, name: 'Bruno' });
      const messages = Array.from({ length: 20 }, (_, i) => ({
        fromMe: false,
        text: `antiga ${i}`,
        t: 1_700_000_000 + i,
      }));
      world.addHistory({ phone: pageOwner, peer: bruno, messages });
    },
  });
}, 60_000);

afterAll(() => open.close());

beforeEach(() => {
  open.world.setPage({
    build: newestBuild,
    rehearsals: {
      seenSignature: 'object',
      loadSignature: 'object',
      throwingListener: false,
      historyQuery: false,
      widAlias: false,
      msgAddSilent: false,
      reactionsElsewhere: false,
      noRequire: false,
    },
  });
});

/** What a script finds without the rehearsal, and with it. */
async function withoutAndWith<T>(rehearsals: Rehearsals, schema: z.ZodType<T>, script: string): Promise<T[]> {
  await open.serve({});
  const without = await open.read(schema, script);
  await open.serve({ rehearsals });
  return [without, await open.read(schema, script)];
}

const strings = z.array(z.string());

describe('a rehearsal', () => {
  it('hands the chat to sendSeen by itself', async () => {
    const tries = `Promise.all([${outcome(`importNamespace('WAWebUpdateUnreadChatAction').sendSeen({ chat: ${chat} })`)}, ${outcome(`importNamespace('WAWebUpdateUnreadChatAction').sendSeen(${chat})`)}])`;
    expect(await withoutAndWith({ seenSignature: 'positional' }, strings, tries)).toEqual([
      ['done', 'TypeError'],
      ['TypeError', 'done'],
    ]);
  });

  it('hands the chat to loadEarlierMsgs by itself', async () => {
    const tries = `Promise.all([${outcome(`importNamespace('WAWebChatLoadMessages').loadEarlierMsgs({ chat: ${chat} })`)}, ${outcome(`importNamespace('WAWebChatLoadMessages').loadEarlierMsgs(${chat})`)}])`;
    expect(await withoutAndWith({ loadSignature: 'positional' }, strings, tries)).toEqual([
      ['done', 'TypeError'],
      ['TypeError', 'done'],
    ]);
  });

  it('leaves history to the database alone', async () => {
    const present = `'loadEarlierMsgs' in importNamespace('WAWebChatLoadMessages')`;
    expect(await withoutAndWith({ historyQuery: true }, z.boolean(), present)).toEqual([true, false]);
    const find = (call: string) => `importNamespace('WAWebDBMessageFindLocal').${call}`;
    const texts = (call: string) => `${find(call)}.then((found) => (found.messages ?? found).map((row) => row.body))`;
    const newest = `{ anchor: { remote: ${chat}.id }, count: 3, direction: 'before' }`;
    expect(await open.read(strings, texts(`msgFindByDirection(${newest})`))).toEqual([
      'antiga 17',
      'antiga 18',
      'antiga 19',
    ]);
    const last = `{ anchor: ${chat}.msgs.last().id, count: 2 }`;
    expect(await open.read(strings, texts(`msgFindBefore(${last})`))).toEqual(['antiga 17', 'antiga 18']);
    expect(await open.read(strings, texts(`msgFindAfter(${last})`))).toEqual([]);
  });

  it('is without a module that listeners need', async () => {
    const ask = outcome(`require('WAWebCallCollection')`);
    expect(await withoutAndWith({ throwingListener: true }, z.string(), ask)).toEqual(['done', 'Error']);
  });

  it('names the text of people’s ids otherwise', async () => {
    const names = `Object.keys(${chat}.id)`;
    expect(await withoutAndWith({ widAlias: true }, strings, names)).toEqual([
      ['server', 'user', '_serialized'],
      ['server', 'user', '$1'],
    ]);
  });

  it('stores messages without an event', async () => {
    const heard: string[][] = [];
    for (const msgAddSilent of [false, true]) {
      await open.serve({ rehearsals: { msgAddSilent } });
      const text = `silêncio ${String(msgAddSilent)}`;
      await open.read(
        z.boolean(),
        `(window.__heard = [], ${collections}.Msg.on('add', ({ body }) => window.__heard.push(body)), true)`,
      );
      open.world.send({ from: bruno, to: pageOwner, text });
      await vi.waitFor(async () => expect(await open.read(z.string(), `${chat}.msgs.last().body`)).toBe(text), soon);
      heard.push(await open.read(strings, 'window.__heard'));
    }
    expect(heard).toEqual([['silêncio false'], []]);
  });

  it('passes reactions by', async () => {
    const heard: number[] = [];
    for (const reactionsElsewhere of [false, true]) {
      await open.serve({ rehearsals: { reactionsElsewhere } });
      const { id } = open.world.send({ from: bruno, to: pageOwner, text: `reaja ${String(reactionsElsewhere)}` });
      const hook = `(() => {
        window.__heard = 0;
        const { reactionTableMode } = importNamespace('WAWebAddonReactionTableMode');
        const before = reactionTableMode.bulkUpsert;
        reactionTableMode.bulkUpsert = (rows) => (window.__heard++, before(rows));
        return true;
      })()`;
      await open.read(z.boolean(), hook);
      open.world.react({ phone: bruno, peer: pageOwner, id, emoji: '👍' });
      const reacted = `${collections}.Msg.getModelsArray().find((message) => message.id.id === '${id}')?.hasReaction === true`;
      await vi.waitFor(async () => expect(await open.read(z.boolean(), reacted)).toBe(true), soon);
      heard.push(await open.read(z.number(), 'window.__heard'));
    }
    expect(heard).toEqual([1, 0]);
  });

  it('hides the loader’s require', async () => {
    expect(await withoutAndWith({ noRequire: true }, z.string(), 'typeof window.require')).toEqual([
      'function',
      'undefined',
    ]);
    expect(await open.read(z.string(), `typeof importNamespace('WAWebMsgKey').default`)).toBe('function');
  });
});
