import { capabilityNames, type CapabilityName } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchPages, type PageOpener } from '../test-support/open-page.ts';
import { probePage } from './probe-page.ts';

/**
 * A page that has whatever it is asked for, but for `absent`: paths from a module to what is used of it. Of messages
 * there is one, sent by the account; the library has attached its listeners, but for `unheard`.
 */
const script = `
  window.absent = [];
  const known = {};
  const anything = (path) => known[path] ??= new Proxy(function () {}, {
    get(target, name) {
      if (typeof name === 'symbol' || name === 'default') return undefined;
      const full = path === '' ? name : path + '.' + name;
      if (window.absent.includes(full)) return undefined;
      if (Object.hasOwn(target, name)) return target[name];
      return full in fixed ? fixed[full] : anything(full);
    },
    construct: (target, [parts]) => ({ ...parts, remote: parts.remote, toString: () => parts.fromMe + '_12025550123@c.us_' + parts.id }),
  });
  const wid = { user: '12025550123', server: 'c.us', _serialized: '12025550123@c.us', toString: () => '12025550123@c.us' };
  const message = { id: { fromMe: true, remote: '1@c.us', id: 'A' }, type: 'chat', t: 5, ack: 1 };
  const fixed = {
    'WAWebWidFactory.createWid': () => wid,
    'WAWebCollections.Msg.getModelsArray': () => [message],
    'WAWebCollections.Chat.getModelsArray': () => [],
    'WAWebCollections.Msg.on': function () {},
  };
  window.require = (name) => {
    if (window.absent.includes(name)) throw new Error('Requiring unknown module');
    return anything(name);
  };
  window.Debug = { VERSION: '2.3000.1' };
  window.listen = (unheard) => {
    window.WWebJS = { getMessageModel: (one) => one };
    const { Msg } = window.require('WAWebCollections');
    const calls = { add: 'onAddMessageEvent', 'change:ack': 'onMessageAckEvent', 'change:type': 'onChangeMessageTypeEvent', 'change:body change:caption': 'onEditMessageEvent' };
    for (const [event, name] of Object.entries(calls))
      if (event !== unheard) Msg.on(event, new Function('message', 'window.' + name + '(message)'));
      // WhatsApp's own.
      else Msg.on(event, (message) => message);
  };
`;

/** What the library, or a call of ours, uses for each; without it the capability is missing. */
const used: Readonly<Partial<Record<CapabilityName, readonly string[]>>> = {
  receive: ['WAWebCollections.Msg.on', 'WAWebCollections.Msg.getModelsArray'],
  send: ['WAWebSendMsgChatAction.addAndSendMsgToChat', 'WAWebFindChatAction.findOrCreateLatestChat'],
  edit: [
    'WAWebSendMessageEditAction.sendMessageEdit',
    'WAWebMsgActionCapability.canEditText',
    'WAWebMsgActionCapability.canEditCaption',
  ],
  revoke: [
    'WAWebCollections.Chat.get',
    'WAWebCmd.Cmd.sendRevokeMsgs',
    'WAWebCmd.Cmd.sendDeleteMsgs',
    'WAWebMsgActionCapability.canSenderRevokeMsg',
    'WAWebMsgActionCapability.canAdminRevokeMsg',
  ],
  media: [
    'WAWebDownloadManager.downloadManager.downloadAndMaybeDecrypt',
    'WAWebMediaOpaqueData.createFromData',
    'WAWebPrepRawMedia.prepRawMedia',
    'WAWebMediaStorage.getOrCreateMediaObject',
    'WAWebMmsMediaTypes.msgToMediaType',
    'WAWebMmsMediaTypes.castToV4',
    'WAWebMediaDataUtils.shouldUseMediaCache',
    'WAWebMediaInMemoryBlobCache.InMemoryMediaBlobCache.put',
    'WAWebMediaMmsV4Upload.uploadMedia',
  ],
  linking: [
    'WAWebConnModel.Conn.on',
    'WAWebSignalStoreApi.waSignalStore.getRegistrationInfo',
    'WAWebUserPrefsInfoStore.waNoiseInfo.get',
    'WABase64.encodeB64',
    'WAWebUserPrefsMultiDevice.getADVSecretKey',
    'WAWebCompanionRegClientUtils.DEVICE_PLATFORM',
    'WAWebAltDeviceLinkingApi.setPairingType',
    'WAWebAltDeviceLinkingApi.initializeAltDeviceLinking',
    'WAWebAltDeviceLinkingApi.initializeQRLinking',
    'WAWebAltDeviceLinkingApi.startAltLinkingFlow',
    'WAWebLaunchSocketUtils.refreshQR',
  ],
};
const rows = Object.entries(used).flatMap(([name, paths]) =>
  paths.map((path) => [name as CapabilityName, path] as const),
);

let pages: PageOpener;
beforeAll(async () => {
  pages = await launchPages();
});
afterAll(() => pages.close());

async function openPage(unheard = ''): Promise<Page> {
  const { page } = await pages.open(script, { off: ['whats-new'] });
  await page.evaluate(`window.listen(${JSON.stringify(unheard)})`);
  return page;
}

async function probe(page: Page) {
  const { report } = await probePage(page, { repairs: [], isListening: true });
  return report.capabilities;
}

describe('a page that has everything', () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage();
  });

  it('is capable of everything', async () => {
    const capabilities = await probe(page);
    const missing = capabilityNames.filter((name) => capabilities[name].state === 'missing');
    expect(missing.map((name) => [name, capabilities[name].how])).toEqual([]);
    expect(capabilities.receive).toEqual({ state: 'ok' });
    expect(capabilities.ack).toEqual({ state: 'ok' });
  });

  it.each(rows)('is not capable of "%s" without %s', async (name, path) => {
    await page.evaluate(`window.absent = [${JSON.stringify(path)}]`);
    const found = (await probe(page))[name];
    expect(found).toMatchObject({ state: 'missing' });
    expect(found.how).toContain(path);
  });
});

describe('a page to which the library does not listen', () => {
  it.each([
    ['receive', 'add'],
    ['ack', 'change:ack'],
    ['revoke', 'change:type'],
    ['edit', 'change:body change:caption'],
  ] as const)('is not capable of "%s" without a listener to %s, unless the witness has one', async (name, event) => {
    const page = await openPage(event);
    expect((await probe(page))[name]).toEqual({ state: 'missing', how: `listener to Msg ${event}` });
    // Before the library has attached any, that says nothing.
    const early = await probePage(page, { repairs: [], isListening: false });
    expect(early.report.capabilities[name].state).not.toBe('missing');
    expect(early.isAttaching).toBe(true);
    const witness = `Object.defineProperty(window, 'topActiveWitness', { value: { attached: new Map([['Msg ${event.split(' ')[0]}', 1]]) } })`;
    await page.evaluate(witness);
    expect((await probe(page))[name]).toEqual({ state: 'repaired', how: `Msg ${event}: by the witness` });
  });
});
