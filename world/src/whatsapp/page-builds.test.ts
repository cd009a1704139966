import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { newestBuild, pageBuilds, type PageBuild } from './page-builds.ts';
import { soon } from './test-support/linked-owner.ts';
import { openPage, pageOwner, type OpenPage } from './test-support/open-page.ts';

/** Each build of the page by itself, and what it has otherwise than the one before. */

const bruno = '5511900000002';
const brunoId = `${bruno}@c.us`;
const carla = '5511900000003';

const collections = `importNamespace('WAWebCollections')`;

let open: OpenPage;

beforeAll(async () => {
  open = await openPage({
    prepare(world) {
      world.addPhone({ number: bruno, name: 'Bruno' });
      world.addPhone({ number: carla, name: 'Carla' });
      world.send({ from: bruno, to: pageOwner, text: 'primeira' });
    },
  });
}, 60_000);

afterAll(() => open.close());

function buildsBefore(build: PageBuild): PageBuild[] {
  return pageBuilds.slice(0, pageBuilds.indexOf(build));
}

/** Whether it is so in the last build before, and in this one. */
async function beforeAndIn<T>(build: PageBuild, schema: z.ZodType<T>, script: string): Promise<T[]> {
  const results: T[] = [];
  for (const name of [buildsBefore(build).at(-1) ?? build, build]) {
    await open.serve({ build: name, registerMs: 0 });
    results.push(await open.read(schema, script));
  }
  return results;
}

const names = (script: string) => `Object.keys(${script})`;
const strings = z.array(z.string());

describe('every build', () => {
  it.each(pageBuilds)('%s has a version of its own, and syncs', async (build) => {
    await open.serve({ build, registerMs: 0 });
    expect(await open.read(z.string(), 'Debug.VERSION')).toMatch(/^2\.3000\.10[34]\d{7}$/);
    expect(await open.read(z.string(), `${collections}.Chat.getModelsArray()[0].msgs.last().body`)).toBe('primeira');
  });
});

describe('2026-07', () => {
  it.each(['$1', '$2', 'a'] as const)('names the text of a key %s', async (alias) => {
    await open.serve({ build: '2026-07', alias });
    const key = `${collections}.Msg.getModelsArray()[0].id`;
    expect(await open.read(strings, names(key))).toEqual(['fromMe', 'remote', 'id', alias]);
    expect(await open.read(z.boolean(), `${key}['${alias}'] === String(${key})`)).toBe(true);
    expect(await open.read(z.string(), `${key}.remote._serialized`)).toBe(brunoId);
    await open.serve({ alias: '$1' });
  });

  it('watches people and groups by functions of their own besides', async () => {
    expect(await beforeAndIn('2026-07', strings, names(`importNamespace('WAWebContactPresenceBridge')`))).toEqual([
      ['subscribePresence'],
      ['subscribePresence', 'subscribeUserPresence', 'subscribeGroupPresence'],
    ]);
  });
});

describe('2026-07-lazy', () => {
  const registered = `Object.keys(require('__debug').modulesMap).length`;

  it('registers its modules bit by bit, and complains of what is asked for too early', async () => {
    const complaints: string[] = [];
    open.page.on('console', (message) => complaints.push(message.text()));
    await open.serve({ build: '2026-07-lazy', registerMs: 4000 });
    const before = await open.read(z.number(), registered);
    const ask = `(() => { try { return require('WAWebFrontendVcardUtils'), 'there'; } catch (error) { return error.message; } })()`;
    const early = await open.read(z.string(), `ErrorGuard.skipGuardGlobal(true), ${ask}`);
    expect(early).toBe('Requiring unknown module "WAWebFrontendVcardUtils"');
    expect(complaints).toEqual([]);
    await open.read(z.string(), `ErrorGuard.skipGuardGlobal(false), ${ask}`);
    await vi.waitFor(() => expect(complaints.join()).toContain('Requiring unknown module'), soon);
    await vi.waitFor(async () => expect(await open.read(z.string(), ask)).toBe('there'), soon);
    expect(await open.read(z.number(), registered)).toBeGreaterThan(before);
    expect(open.world.missingModules()).toEqual([]);
    open.page.removeAllListeners('console');
  });

  it('runs a factory when its module is asked for, once', async () => {
    const runs = await open.read(
      z.array(z.number()),
      `(() => {
        let runs = 0;
        __d('Mine', [], () => ({ runs: ++runs }));
        const before = runs;
        require('Mine');
        importNamespace('Mine');
        return [before, runs];
      })()`,
    );
    expect(runs).toEqual([0, 1]);
  });
});

describe('2026-08', () => {
  it.each([
    ['the class of the message collection', `'MsgCollectionImpl' in importNamespace('WAWebMsgCollection')`],
    ['getUserhash', `'getUserhash' in importNamespace('WAWebContactGetters')`],
    ['initConn', `'initConn' in importNamespace('WAWebSocketModel').Socket`],
    ['forwarding at once', `'WAWebChatForwardMessage' in require('__debug').modulesMap`],
  ])('has lost %s', async (_what, script) => {
    expect(await beforeAndIn('2026-08', z.boolean(), script)).toEqual([true, false]);
  });

  it('brings forwarding when its component is asked for', async () => {
    const came = `new Promise((resolve) => require('Bootloader').loadModules(['WAWebMediaForwardMediaMsg'], () =>
      resolve(typeof require('WAWebChatForwardMessage').forwardMessages)))`;
    expect(await open.read(z.string(), came)).toBe('function');
  });
});

describe('2026-09', () => {
  it.each([
    ['subscribePresence', `'subscribePresence' in importNamespace('WAWebContactPresenceBridge')`],
    ['the export of aggregated reactions', `'AggReactionsCollection' in importNamespace('WAWebReactionsModels')`],
    [
      'data in a link preview',
      `importNamespace('WAWebLinkPreviewChatAction').getLinkPreview({ href: 'https://a.b/', value: 'https://a.b/' }).then((preview) => 'data' in preview)`,
    ],
  ])('has lost %s', async (_what, script) => {
    expect(await beforeAndIn('2026-09', z.boolean(), script)).toEqual([true, false]);
  });

  it('reaches the class of aggregated reactions by the model', async () => {
    const script = `typeof importNamespace('WAWebReactionsModels').Reactions.prototype._collections.reactions`;
    expect(await open.read(z.string(), script)).toBe('function');
  });

  it('overwrites the id of a message with that of its file, and says so', async () => {
    const made = `(async () => {
      const Opaque = require('WAWebMediaOpaqueData');
      const data = await Opaque.createFromData(new Blob(['x'], { type: 'image/png' }), 'image/png');
      const media = await importNamespace('WAWebPrepRawMedia').prepRawMedia(data, {}).waitForPrep();
      const { Msg } = ${collections};
      const id = Msg.getModelsArray()[0].id;
      const make = (message) => { try { return String(new Msg.modelClass(message).id); } catch (error) { return error.message; } };
      return [make({ id, ...media }) === String(id) ? 'its own' : make({ id, ...media }), make({ id, ...media.toJSON() }) === String(id) ? 'its own' : 'another'];
    })()`;
    expect(await beforeAndIn('2026-09', strings, made)).toEqual([
      ['its own', 'its own'],
      [`Data passed to getter must include an id property (it's how we memoize) but got undefined`, 'its own'],
    ]);
  });

  it('tells of a call by another event', async () => {
    const watch = `(() => {
      const calls = importNamespace('WAWebCallCollection');
      window.__heard = [];
      const set = calls.calls.set.bind(calls.calls);
      calls.calls.set = (id, call) => (window.__heard.push('map'), set(id, call));
      calls.on('change:activeCall', (call) => window.__heard.push(String(call.peerJid)));
      return true;
    })()`;
    const heard: string[][] = [];
    for (const build of ['2026-08', '2026-09'] as const) {
      await open.serve({ build });
      await open.read(z.boolean(), watch);
      open.world.act(pageOwner, { action: 'ring', peer: bruno, video: false });
      await vi.waitFor(async () => expect(await open.read(strings, 'window.__heard')).toHaveLength(1), soon);
      heard.push(await open.read(strings, 'window.__heard'));
    }
    expect(heard).toEqual([['map'], [brunoId]]);
  });

  it('opens a chat with a number by the hidden id', async () => {
    const ask = `importNamespace('WAWebFindChatAction')
      .findOrCreateLatestChat(importNamespace('WAWebWidFactory').createWid('${carla}@c.us')).then(({ chat }) => String(chat.id))`;
    expect(await beforeAndIn('2026-09', z.string(), ask)).toEqual([`${carla}@c.us`, open.world.phone(carla).lid]);
  });

  it('is the newest', () => expect(pageBuilds.at(-1)).toBe(newestBuild));
});
