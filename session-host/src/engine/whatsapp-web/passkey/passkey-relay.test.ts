import type { PasskeyRequest } from '@top-active/core/contracts';
import { createSoftwarePasskey } from '@top-active/core/test-support';
import { launch, type Browser, type Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installPasskeyRelay, type PasskeyRelay } from './passkey-relay.ts';

/** What the scripts in the page use of the browser. */
declare const navigator: { credentials: { get(options: object): Promise<object> } };
declare const window: Record<string, unknown>;
declare const document: {
  body: { append(node: object): void };
  createElement(name: string): { src: string; contentWindow: never };
};
declare const location: { href: string };

const site = 'https://web.whatsapp.com/';
const challenge = Buffer.from('a challenge of thirty-two bytes!').toString('base64url');
const passkey = createSoftwarePasskey();

let browser: Browser;
beforeAll(async () => {
  browser = await launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
    headless: 'shell',
    pipe: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
});
afterAll(() => browser.close());

const pages: Page[] = [];
afterEach(() => Promise.all(pages.splice(0).map((page) => page.close())));

interface Changes {
  abortMs?: number;
  mediation?: string;
  rpId?: string;
  timeout?: number;
}

interface Relayed {
  page: Page;
  relay: PasskeyRelay;
  asked: PasskeyRequest[];
  ended: string[];
  /** The page asks; resolves with what became of it, or how it was refused. */
  ask(changes?: Changes): Promise<object>;
}

async function openPage(url = site, answerTimeoutMs = 10_000): Promise<Relayed> {
  const page = await browser.newPage();
  pages.push(page);
  await page.setRequestInterception(true);
  page.on('request', (request) => void request.respond({ contentType: 'text/html', body: '<title>page</title>' }));
  const asked: PasskeyRequest[] = [];
  const ended: string[] = [];
  const relay = await installPasskeyRelay(page, {
    onAsked: (request) => asked.push(request),
    onEnded: (why) => ended.push(why),
    answerTimeoutMs,
  });
  await page.goto(url);
  return { page, relay, asked, ended, ask: (changes = {}) => page.evaluate(askInPage, challenge, changes) };
}

/** Its script runs on for three seconds, and nothing else in the page runs meanwhile. */
function hang(page: Page): void {
  const hanging = page.evaluate(() => {
    const until = Date.now() + 3_000;
    while (Date.now() < until);
  });
  // Closed before the script has ended.
  hanging.catch(() => undefined);
}

/** As WhatsApp's page asks, and what it can see of the answer. */
async function askInPage(challengeText: string, changes: Changes): Promise<object> {
  const { abortMs, mediation, ...publicKey } = changes;
  const bytes = Uint8Array.from(atob(challengeText.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const { PublicKeyCredential, Credential, AuthenticatorAssertionResponse } = globalThis as unknown as Record<
    string,
    new () => object
  >;
  const isA = (value: unknown, type: (new () => object) | undefined) => type !== undefined && value instanceof type;
  try {
    const found = (await navigator.credentials.get({
      ...(abortMs === undefined ? {} : { signal: AbortSignal.timeout(abortMs) }),
      ...(mediation === undefined ? {} : { mediation }),
      publicKey: {
        challenge: bytes,
        rpId: 'whatsapp.com',
        timeout: 600_000,
        userVerification: 'required',
        allowCredentials: [],
        extensions: { uvm: true },
        ...publicKey,
      },
    })) as { rawId: unknown; response: Record<string, unknown>; getClientExtensionResults(): object; toJSON(): object };
    return {
      kinds: [
        isA(found, PublicKeyCredential),
        isA(found, Credential),
        isA(found.response, AuthenticatorAssertionResponse),
      ],
      tag: Object.prototype.toString.call(found),
      buffers: [
        found.rawId,
        ...['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'].map((name) => found.response[name]),
      ].map((value) => value instanceof ArrayBuffer),
      keys: Object.keys(found),
      json: JSON.parse(JSON.stringify(found)) as object,
      extensions: found.getClientExtensionResults(),
    };
  } catch (error) {
    return error instanceof DOMException ? { error: error.name } : { thrown: String(error) };
  }
}

/** A question whose answer can't come before something else has happened. */
async function whenAsked({ asked }: Relayed, count = 1): Promise<PasskeyRequest> {
  await expect.poll(() => asked.length).toBe(count);
  const request = asked[count - 1];
  if (!request) throw new Error('Nothing was asked');
  return request;
}

describe('passkey relay', () => {
  it('gives the page what it takes for a credential of its own', async () => {
    const opened = await openPage();
    const result = opened.ask();
    const request = await whenAsked(opened);
    expect(request).toMatchObject({ challenge, allowCredentials: [], extensions: { uvm: true }, answered: false });
    expect(Date.parse(request.expiresAt) - Date.now()).toBeGreaterThan(590_000);
    expect(opened.relay.isPending).toBe(true);
    const credential = passkey.sign({ challenge });
    expect(await opened.relay.answer(request.requestId, { outcome: 'signed', credential })).toBe(true);
    expect(await result).toEqual({
      kinds: [true, true, true],
      tag: '[object PublicKeyCredential]',
      buffers: [true, true, true, true, true],
      keys: [],
      json: credential,
      extensions: {},
    });
    expect(opened.relay.isPending).toBe(false);
    expect(await opened.relay.answer(request.requestId, { outcome: 'signed', credential })).toBe(false);
  });

  it('refuses like a browser where the owner refuses', async () => {
    const opened = await openPage();
    const result = opened.ask();
    const { requestId } = await whenAsked(opened);
    expect(await opened.relay.answer(requestId, { outcome: 'refused' })).toBe(true);
    expect(await result).toEqual({ error: 'NotAllowedError' });
  });

  it('gives the page no answer to another question, and goes on waiting', async () => {
    const opened = await openPage();
    const result = opened.ask();
    const { requestId } = await whenAsked(opened);
    const credential = passkey.sign({ challenge: `${challenge}A` });
    expect(await opened.relay.answer(requestId, { outcome: 'signed', credential })).toBe(false);
    expect(await opened.relay.answer('another', { outcome: 'refused' })).toBe(false);
    expect(opened.relay.isPending).toBe(true);
    await opened.relay.answer(requestId, { outcome: 'signed', credential: passkey.sign({ challenge }) });
    expect(await result).toMatchObject({ kinds: [true, true, true] });
  });

  it('keeps time, and ends when the page wants no more', async () => {
    const late = await openPage();
    expect(await late.ask({ timeout: 1 })).toEqual({ error: 'NotAllowedError' });
    expect(late.ended).toEqual(['expired']);
    const aborted = await openPage();
    expect(await aborted.ask({ abortMs: 50 })).toEqual({ error: 'TimeoutError' });
    expect(aborted.ended).toEqual(['withdrawn']);
    expect([late.relay.isPending, aborted.relay.isPending]).toEqual([false, false]);
  });

  it('ends with the document that asked, and works in the next one', async () => {
    const opened = await openPage();
    void opened.ask().catch(() => undefined);
    const { requestId } = await whenAsked(opened);
    await opened.page.goto(`${site}?again`);
    await expect.poll(() => opened.ended).toEqual(['withdrawn']);
    expect(await opened.relay.answer(requestId, { outcome: 'refused' })).toBe(false);
    const result = opened.ask();
    const next = await whenAsked(opened, 2);
    await opened.relay.answer(next.requestId, { outcome: 'refused' });
    expect(await result).toEqual({ error: 'NotAllowedError' });
  });

  it('tells that the request has ended when a page that hangs takes no answer', async () => {
    const opened = await openPage(site, 200);
    void opened.ask().catch(() => undefined);
    const { requestId } = await whenAsked(opened);
    hang(opened.page);
    const credential = passkey.sign({ challenge });
    expect(await opened.relay.answer(requestId, { outcome: 'signed', credential })).toBe(false);
    expect(opened.ended).toEqual(['withdrawn']);
  });

  it('lets the owner refuse what a page that hangs asked for', async () => {
    const opened = await openPage(site, 200);
    void opened.ask().catch(() => undefined);
    const { requestId } = await whenAsked(opened);
    hang(opened.page);
    expect(await opened.relay.answer(requestId, { outcome: 'refused' })).toBe(true);
    expect(opened.ended).toEqual([]);
  });

  it('asks nobody for a foreign site, nor for two passkeys at once', async () => {
    const opened = await openPage();
    expect(await opened.ask({ rpId: 'bank.example' })).toEqual({ error: 'SecurityError' });
    expect(opened.asked).toEqual([]);
    const first = opened.ask();
    const { requestId } = await whenAsked(opened);
    expect(await opened.ask()).toEqual({ error: 'OperationError' });
    await opened.relay.answer(requestId, { outcome: 'refused' });
    expect(await first).toEqual({ error: 'NotAllowedError' });
    expect(opened.asked).toHaveLength(1);
  });

  it('leaves autofill and passwords to the browser', async () => {
    const opened = await openPage();
    expect(await opened.ask({ mediation: 'conditional', abortMs: 50 })).toHaveProperty('error');
    // Null, or that this browser has no password manager: either is the browser's own word.
    await opened.page.evaluate(() => navigator.credentials.get({ password: true }).catch(() => null));
    expect(opened.asked).toEqual([]);
  });

  it('says that a passkey can be asked for', async () => {
    const { page } = await openPage();
    const answers = await page.evaluate(async () => {
      const { PublicKeyCredential: type } = globalThis as unknown as Record<
        string,
        Record<string, () => Promise<Record<string, boolean>>>
      >;
      return [
        await type?.['isUserVerifyingPlatformAuthenticatorAvailable']?.(),
        (await type?.['getClientCapabilities']?.())?.['userVerifyingPlatformAuthenticator'],
      ];
    });
    expect(answers).toEqual([true, true]);
  });

  it('works on the exact site in its top frame only, and leaves the page no way out', async () => {
    const elsewhere = await openPage('https://web.whatsapp.com.evil.example/');
    const isOriginal = () => /\[native code\]/.test(String(navigator.credentials['get']));
    expect(await elsewhere.page.evaluate(isOriginal)).toBe(true);
    const opened = await openPage();
    expect(await opened.page.evaluate(isOriginal)).toBe(false);
    await opened.page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, `${site}frame`);
    const frame = await opened.page.waitForFrame((one) => one.url() === `${site}frame`);
    expect(await frame.evaluate(isOriginal)).toBe(true);
    const names = () => Object.getOwnPropertyNames(window).filter((name) => /^_[\da-f]{24}$/.test(name));
    expect(await frame.evaluate(names)).toEqual([]);
    expect(await elsewhere.page.evaluate(names)).toEqual([]);
    // The door for the answer; the one by which requests go out is gone.
    expect(await opened.page.evaluate(names)).toHaveLength(1);
    expect(await opened.page.evaluate(() => location.href)).toBe(site);
  });
});
