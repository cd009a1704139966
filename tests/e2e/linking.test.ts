import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError, createWorldClient, registerUser, until, type WorldClient } from '@top-active/local/client';
import { bootStack, forgetAttempts, type Stack } from '@top-active/local/stack';
import { formatPhone } from '@top-active/web/text/phone';
import { launchBrowser } from '../support/browser.ts';
import { expectText, openLinker, type Linker } from '../support/linker.ts';

const stranger = { name: 'Somebody Else', number: '5511970000503' };
const codeSchema = z.object({ code: z.string() });

/**
 * What can come between the first click and the link, and after it: each on a small screen, by keyboard alone, in both
 * languages at once. One story in several steps over one stack: each step needs the one before.
 */
describe('whatever keeps WhatsApp from being linked is said in plain words, and one thing goes on', () => {
  const dir = mkdtempSync(join(tmpdir(), 'linking-'));
  let stack: Stack;
  let world: WorldClient;
  let browser: Browser;
  let linkers: Linker[];

  beforeAll(async () => {
    stack = await bootStack({ dir, holdHost: true });
    // Room for the two, and for nobody else beside them; and nobody waits for minutes.
    stack.sessionHost.start({ MAX_SESSIONS: '2', PAIRING_CODE_SECONDS: '6' });
    world = createWorldClient(stack.worldOrigin);
    browser = await launchBrowser();
    await world.addPhone(stranger);
    const place = { browser, origin: stack.appOrigin, world };
    const phones = [
      { name: 'Clínica da Ana', number: '5511970000501' },
      { name: 'Emma’s Studio', number: '5511970000502' },
    ] as const;
    linkers = await Promise.all([
      openLinker(place, { locale: 'pt-BR', email: 'ana@example.com', phone: phones[0] }),
      openLinker(place, { locale: 'en', email: 'emma@example.com', phone: phones[1] }),
    ]);
  });

  /** Nobody links anew twenty times within a minute. */
  beforeEach(() => forgetAttempts(stack.cloud, 'link-user'));

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const both = (work: (linker: Linker) => Promise<unknown>) => Promise.all(linkers.map(work));
  /** Faults of the world until they are taken back. */
  const setWorld = (faults: object) => world.call('PUT', '/whatsapp/faults', faults);
  const clearWorld = () => world.call('DELETE', '/whatsapp/faults');
  /** Faults of somebody's phone, in place of those before. */
  async function setPhone({ phone }: Linker, faults: object = {}): Promise<void> {
    await world.call('DELETE', `/whatsapp/phones/${phone.number}/faults`);
    await world.call('PUT', `/whatsapp/phones/${phone.number}/faults`, faults);
  }
  const act = ({ phone }: Linker, action: object) =>
    world.call('POST', `/whatsapp/phones/${phone.number}/faults/actions`, action);
  const expectLinked = (linker: Linker) => expectText(linker, 'setup.whatsapp.linkedAs', { name: linker.phone.name });

  /** Signs what WhatsApp asks for, with the passkey of a phone, and pastes it: the way without the extension. */
  async function signsByHand({ user, page, t, types, presses }: Linker, number: string): Promise<void> {
    const { passkey } = await user.status();
    const { challenge = '' } = passkey ?? {};
    const signed = await world.call('POST', `/whatsapp/phones/${number}/passkey/sign`, { challenge });
    await presses(page.getByText(t('passkey.hand.title')));
    await types(page.getByLabel(t('passkey.hand.field')), JSON.stringify(signed));
    await presses('passkey.hand.send');
  }

  const phoneField = ({ page, t }: Linker) => page.getByLabel(t('setup.whatsapp.pairing.phone'));
  /** As people write it. */
  const shown = ({ phone }: Linker) => formatPhone(phone.number);

  /** Types the code that is shown now on the own phone. */
  async function typeCode({ page, t, phone }: Linker): Promise<void> {
    const [before = ''] = t('setup.whatsapp.pairing.codeLabel').split('{');
    const image = page.getByRole('img', { name: new RegExp(`^${before}`) });
    const label = await image.getAttribute('aria-label');
    const code = label?.slice(before.length).replaceAll(' ', '');
    await world.call('POST', `/whatsapp/phones/${phone.number}/pairing-code`, { code });
  }

  it('waits for the notice, then opens WhatsApp', async () => {
    await setWorld({ slowBootMs: 1_000 });
    await both(async (linker) => {
      await expectText(linker, 'setup.whatsapp.text');
      await linker.presses(linker.page.getByLabel(linker.t('setup.whatsapp.notice.accept')), 'Space');
      await linker.presses('setup.whatsapp.start');
      await expectText(linker, 'setup.whatsapp.starting');
    });
    await clearWorld();
    await both((linker) => expectText(linker, 'setup.whatsapp.qr.step3'));
  });

  it('too many devices: the phone refuses, and of that the app only sees a code that nobody has read', async () => {
    await both((linker) => setPhone(linker, { mostDevices: 0 }));
    await both(({ scans }) => expect(scans()).rejects.toThrow(/as many linked devices as it takes/));
    await setWorld({ refMs: 300, refsBeforeIdle: 1 });
    await both(async (linker) => {
      // From now on the codes of a new attempt end soon.
      await linker.presses('setup.whatsapp.qr.cancel');
      await linker.presses('setup.whatsapp.start');
      await expectText(linker, 'setup.whatsapp.expired');
    });
    await clearWorld();
    await both(async (linker) => {
      await setPhone(linker, { passkeyAtLinking: true, compareCode: true });
      await linker.presses('setup.whatsapp.expiredAction');
      await expectText(linker, 'setup.whatsapp.qr.step3');
    });
  });

  it('a passkey that its owner does not want to give', async () => {
    await both(async (linker) => {
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await linker.presses('passkey.refuse');
      await expectText(linker, 'setup.whatsapp.failure.passkey_refused');
      await linker.presses('common.retry');
    });
  });

  it('a passkey that nobody gives in time', async () => {
    await both(async (linker) => {
      await setPhone(linker, { passkeyAtLinking: true, passkeyMs: 2_000 });
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await expectText(linker, 'setup.whatsapp.failure.passkey_expired');
      await setPhone(linker, { passkeyAtLinking: true, compareCode: true });
      await linker.presses('common.retry');
    });
  });

  it('the passkey of another account', async () => {
    await both(async (linker) => {
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await signsByHand(linker, stranger.number);
      await expectText(linker, 'setup.whatsapp.failure.passkey_rejected');
      await linker.presses('common.retry');
    });
  });

  it('a code that differs: the owner says so here', async () => {
    await both(async (linker) => {
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await signsByHand(linker, linker.phone.number);
      await expectText(linker, 'passkey.comparison.title');
      const { code } = codeSchema.parse(await world.call('GET', `/whatsapp/phones/${linker.phone.number}/link-code`));
      await linker.page.getByText(code).waitFor();
      await linker.presses('passkey.comparison.different');
      await expectText(linker, 'setup.whatsapp.failure.code_mismatch');
      await linker.presses('common.retry');
    });
  });

  it('a code that differs: the owner says so on the phone', async () => {
    await both(async (linker) => {
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await signsByHand(linker, linker.phone.number);
      await expectText(linker, 'passkey.comparison.title');
      await world.call('POST', `/whatsapp/phones/${linker.phone.number}/link-code/refuse`);
      await expectText(linker, 'setup.whatsapp.failure.code_mismatch');
    });
  });

  it('the own passkey, and the same code on both: linked, until the phone logs it out', async () => {
    await both(async (linker) => {
      await linker.presses('common.retry');
      await linker.scans();
      await expectText(linker, 'passkey.title');
      await signsByHand(linker, linker.phone.number);
      await expectText(linker, 'passkey.comparison.title');
      await linker.presses('passkey.comparison.same');
      await expectLinked(linker);
      await world.logoutDevices(linker.phone.number);
      await expectText(linker, 'setup.whatsapp.loggedOut');
    });
  });

  it('a request that the user did not start', async () => {
    await both(async (linker) => {
      // Somebody else, who has got into the account.
      await linker.user.api.request('/api/whatsapp/connect', { method: 'POST', body: {} });
      await linker.scans();
      await expectText(linker, 'passkey.unexpected.title');
      await linker.presses('passkey.unexpected.refuse');
      await expectText(linker, 'setup.whatsapp.failure.passkey_refused');
    });
  });

  it('WhatsApp refuses the connection', async () => {
    await both(async (linker) => {
      await setPhone(linker, { pairingMs: 2_000, refuseConnections: 'PROXYBLOCK' });
      await linker.presses('common.retry');
      await linker.scans();
      await expectText(linker, 'setup.whatsapp.scanned');
      await expectText(linker, 'setup.whatsapp.failure.refused');
      await setPhone(linker);
      await linker.presses('common.retry');
      await expectLinked(linker);
    });
  });

  it('a connection that is lost comes back by itself', async () => {
    await both(async (linker) => {
      await act(linker, { action: 'drop-socket', downMs: 2_000 });
      await expectText(linker, 'setup.whatsapp.reconnecting');
      await expectLinked(linker);
      await until(async () => ((await linker.user.status()).state === 'linked' ? true : undefined), {
        what: 'the connection',
        timeoutMs: 30_000,
      });
    });
  });

  it('an account that is banned', async () => {
    await both(async (linker) => {
      await setPhone(linker, { refuseConnections: 'TOS_BLOCK' });
      await act(linker, { action: 'drop-socket', downMs: 0 });
      await expectText(linker, 'setup.whatsapp.failure.banned');
      await setPhone(linker);
      await linker.presses('common.retry');
      await expectLinked(linker);
    });
  });

  it('logged out on the phone; linked anew it synchronises', async () => {
    await both(async (linker) => {
      await world.logoutDevices(linker.phone.number);
      await expectText(linker, 'setup.whatsapp.loggedOut');
      await setPhone(linker, { syncDelayMs: 2_000 });
      await linker.presses('setup.whatsapp.start');
      await linker.scans();
      await expectText(linker, 'setup.whatsapp.syncing');
      await expectLinked(linker);
    });
  });

  it('unlinked by its owner, who is asked once more', async () => {
    await both(async (linker) => {
      await linker.presses('setup.whatsapp.disconnect');
      const dialog = linker.page.getByRole('dialog', { name: linker.t('setup.whatsapp.disconnectTitle') });
      await linker.presses(dialog.getByRole('button', { name: linker.t('setup.whatsapp.disconnect') }));
      await expectText(linker, 'setup.whatsapp.text');
    });
  });

  it('a WhatsApp that the library does not fit any more', async () => {
    await setWorld({ missingModules: ['WAWebConnModel'] });
    await both(async (linker) => {
      await linker.presses('setup.whatsapp.start');
      // Modules may come late: the host looks for them for half a minute before it says so.
      const failure = linker.page.getByText(linker.t('setup.whatsapp.failure.engine_incompatible'));
      await failure.first().waitFor({ timeout: 120_000 });
      await expectText(linker, 'setup.whatsapp.failure.engine_incompatible');
    });
    await clearWorld();
    await both(async (linker) => {
      await linker.presses('common.retry');
      await expectText(linker, 'setup.whatsapp.qr.step3');
      await linker.presses('setup.whatsapp.qr.cancel');
      await expectText(linker, 'setup.whatsapp.text');
    });
  });

  it('a host without room', async () => {
    const others = await Promise.all(
      ['carla@example.com', 'diego@example.com'].map((email) =>
        registerUser({ origin: stack.appOrigin, world, email, name: 'Other' }),
      ),
    );
    await Promise.all(others.map((other) => other.connectWhatsApp()));
    await both(async (linker) => {
      await linker.presses('setup.whatsapp.start');
      await expectText(linker, 'setup.whatsapp.failure.host_busy');
    });
    await Promise.all(others.map(({ api }) => api.request('/api/whatsapp/disconnect', { method: 'POST', body: {} })));
    await Promise.all(
      others.map((other) =>
        until(async () => ((await other.status()).state === 'unlinked' ? true : undefined), {
          what: 'room',
          timeoutMs: 30_000,
        }),
      ),
    );
    await both(async (linker) => {
      await linker.presses('common.retry');
      await expectText(linker, 'setup.whatsapp.qr.step3');
    });
  });

  it('a code to type: refused by a phone with too many devices, and expired; the next one links', async () => {
    await both(async (linker) => {
      await setPhone(linker, { mostDevices: 0 });
      await linker.presses('setup.whatsapp.pairing.useCode');
      await linker.types(phoneField(linker), `+${linker.phone.number}`);
      await linker.presses('setup.whatsapp.pairing.ask');
      await expect(typeCode(linker)).rejects.toThrow(/as many linked devices as it takes/);
      await expectText(linker, 'setup.whatsapp.pairing.expired');
      await setPhone(linker);
      await linker.presses('setup.whatsapp.pairing.renew');
      await linker.page.getByText(linker.t('setup.whatsapp.pairing.expired')).waitFor({ state: 'detached' });
      await typeCode(linker);
      await expectLinked(linker);
    });
  });

  it('a number that WhatsApp does not know, and one to which it gives no more codes', async () => {
    await both(async (linker) => {
      await world.logoutDevices(linker.phone.number);
      await expectText(linker, 'setup.whatsapp.loggedOut');
      await linker.presses('setup.whatsapp.pairing.useCode');
      await linker.types(phoneField(linker), '+351 912 345 678');
      await linker.presses('setup.whatsapp.pairing.ask');
      await expectText(linker, 'setup.whatsapp.pairing.failure.not_on_whatsapp', {
        phone: formatPhone('351912345678'),
      });
      await setPhone(linker, { refusePairingCodes: true });
      await linker.presses('setup.whatsapp.pairing.otherNumber');
      await phoneField(linker).clear();
      await linker.types(phoneField(linker), `+${linker.phone.number}`);
      await linker.presses('setup.whatsapp.pairing.ask');
      await expectText(linker, 'setup.whatsapp.pairing.failure.too_many', { phone: shown(linker) });
      await linker.presses('setup.whatsapp.pairing.useQr');
      await expectText(linker, 'setup.whatsapp.qr.step3');
    });
  });

  it('more codes than are asked for in an hour', async () => {
    await both(async (linker) => {
      await setPhone(linker);
      const { user, phone } = linker;
      const ask = () =>
        user.api.request('/api/whatsapp/pairing-code', { method: 'POST', body: { phone: `+${phone.number}` } });
      await until(() => ask().then(() => undefined, isTooMany), { what: 'a refusal', timeoutMs: 20_000 });
      await linker.presses('setup.whatsapp.pairing.renew');
      await expectText(linker, 'setup.whatsapp.pairing.tooMany');
      await expectText(linker, 'common.waitMinutes', { minutes: '5' });
      await linker.presses('setup.whatsapp.pairing.useQr');
      await expectText(linker, 'setup.whatsapp.qr.step3');
    });
  });

  it('gave the pages nothing to complain about', () => {
    expect(linkers.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});

/** True where the request was refused for being one too many; anything else is no answer. */
function isTooMany(error: unknown): true {
  if (error instanceof ApiError && error.problem.code === 'too_many_attempts') return true;
  throw error;
}
