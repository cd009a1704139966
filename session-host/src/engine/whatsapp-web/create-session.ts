import type { CapabilityName } from '@top-active/core/contracts';
import WhatsAppWeb from 'whatsapp-web.js';
import type { Client } from 'whatsapp-web.js';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { DeathCause, EngineEvent, EngineSession, StartOptions } from '../engine.ts';
import { EngineError, PairingRefusal } from '../engine.ts';
import { withDeadline } from '../with-deadline.ts';
import { createProfileAuth } from './auth-strategy.ts';
import { classifyDisconnect, classifyFailure, isNavigation, refusalBy, textOf } from './classify-failure.ts';
import { createLiveness } from './liveness.ts';
import { launchOptions, userAgent, type BrowserConfig } from './launch-options.ts';
import { announceSynced, isWhatsApp, readHeartbeat, readLocalStorage, restoreLocalStorage } from './page-calls.ts';
import { askWhatsApp, readAccount } from './client-calls.ts';
import { refreshQr, requestPairingCode } from './pairing-calls.ts';
import { forwardChange } from './messages/forward-changes.ts';
import { forwardMessages } from './messages/forward-messages.ts';
import { guardInjection } from './guard-injection.ts';
import { describePeer } from './page/calls/describe-peer.ts';
import { fetchSince } from './page/calls/fetch-since.ts';
import { listChats } from './page/calls/list-chats.ts';
import { pokeConnection } from './page/calls/poke-connection.ts';
import { readNeedsUpdate } from './page/calls/read-needs-update.ts';
import { showTyping } from './page/calls/show-typing.ts';
import { installPrelude, type Prelude } from './page/prelude.ts';
import { createCapabilityWatch } from './page/probe/watch-capabilities.ts';
import { createLinkingSteps } from './passkey/linking-steps.ts';
import { reduceUpdate, type PageUpdate } from './page-update.ts';
import { reduceAway, type Away } from './reconnect.ts';
import { createRadar } from './restrictions/create-radar.ts';
import { createSending } from './send/create-sending.ts';
import { createFailureNotes } from './note-failures.ts';
import type { SessionTimes } from './session-times.ts';
import { survivePipes } from './survive-pipes.ts';
import { unlink } from './unlink.ts';
import { createWitness } from './witness/create-witness.ts';

/** The library tells `ready` once for each time that it was injected into the document, one right after the other. */
const sameReadyMs = 2_000;

const batterySchema = z.object({ battery: z.number().min(0).max(100), plugged: z.boolean().default(false) });

interface Options extends StartOptions {
  browser: BrowserConfig;
  times: SessionTimes;
  /** Repairs of the page that are switched off, by name. */
  repairsOff?: readonly string[] | undefined;
}

/**
 * One client of the library in one browser. What the library tells is checked against heartbeats from inside the page, since it can stay
 * silent when it shouldn't (`ready` never fires, a dead browser is no event) and tell twice what happened once.
 */
export function createSession({ home, localStorage, onEvent, browser, times, repairsOff }: Options): EngineSession {
  let ended = false;
  /** The library listens to the current document's messages. */
  let listening = false;
  /** Readiness was told and not taken back since. */
  let ready = false;
  let sawQr = false;
  /** From then on there is nothing to be linked. */
  let wasReady = false;
  let wasScanned = false;
  let isIdle = false;
  let bootedAt = performance.now();
  let syncedAt: number | undefined;
  let announcing = false;
  let asking = false;
  /** Its start has failed, and the page is asked why. */
  let isLookedInto = false;
  /** When the library last told `ready` of this document. */
  let toldReadyAt = -Infinity;
  let nextBeat: NodeJS.Timeout | undefined;
  let endLocalStorage: (() => Promise<void>) | undefined;
  const liveness = createLiveness(times);
  const noteFailure = createFailureNotes();
  const steps = createLinkingSteps(emit);
  let prelude: Prelude | undefined;
  /** WhatsApp's own name of why it ends the link. */
  let logoutReason: string | undefined;
  const capabilities = createCapabilityWatch({
    prelude: () => prelude,
    times,
    noteFailure,
    onReport: (report) => emit({ type: 'capabilities', report }),
    onIncompatible: (missing) => void dieIncompatible(missing),
  });
  const witness = createWitness({
    limits: times,
    emit: hear,
    noteFailure,
    onTick: (stanzaId) => sending.ticked(stanzaId),
    onReactionsFound: () => capabilities.noteDetour('reaction', 'asked for in WAWebCollections.Reactions'),
    fetchSince: async (peer, range) => fetchSince(livePage(), peer, range),
  });
  let away: Away | undefined;
  let update: PageUpdate = {};
  /** When something came or was sent last. */
  let activeAt = performance.now();
  const radar = createRadar({
    limits: times,
    noteFailure,
    emit: (restrictions) => emit({ type: 'restrictions', restrictions }),
  });
  const sending = createSending({
    radar,
    emit,
    noteFailure,
    onPending: (stanzaId) => liveness.sent(stanzaId, performance.now()),
    onSettled: (stanzaId) => liveness.acknowledged(stanzaId),
  });

  const client = new WhatsAppWeb.Client({
    authStrategy: createProfileAuth(prepare),
    puppeteer: launchOptions(browser, home),
    userAgent: userAgent(browser.chromiumVersion),
    webVersionCache: { type: 'none' },
    authTimeoutMs: times.startTimeoutMs,
    takeoverOnConflict: false,
    qrMaxRetries: 0,
  });
  guardInjection(client, {
    async onInjected() {
      await endLocalStorage?.();
      endLocalStorage = undefined;
    },
    onFailure: dieUnlessNavigating,
  });
  listen();
  const initialized = initialize();

  async function initialize(): Promise<void> {
    try {
      await client.initialize();
    } catch (error) {
      if (ended) await closeBrowser();
      else await dieStarting(classifyFailure(error), textOf(error));
    }
  }

  async function prepare({ pupPage: page, pupBrowser }: Client): Promise<void> {
    if (!page || !pupBrowser) throw new Error('The library made no page');
    survivePipes(pupBrowser.process());
    if (ended) throw new Error('Stopped while starting');
    pupBrowser.on('disconnected', () => void die('browser_died', 'The browser is gone'));
    page.on('error', (error) => void die('page_crashed', error.message));
    page.on('close', () => void die('page_crashed', 'The page was closed'));
    page.on('framenavigated', (frame) => {
      if (frame.parentFrame()) return;
      listening = false;
      witness.documentGone();
      syncedAt = undefined;
      toldReadyAt = -Infinity;
      bootedAt = performance.now();
    });
    await steps.install(page);
    prelude = await installPrelude(page, {
      off: repairsOff,
      onFact(fact) {
        if (fact.type === 'logout-reason') logoutReason = fact.reason;
        else forwardChange(fact, hear);
      },
    });
    if (localStorage) endLocalStorage = await restoreLocalStorage(page, localStorage);
    scheduleBeat();
  }

  function listen(): void {
    client.on('qr', (code) => {
      sawQr = true;
      isIdle = false;
      emit({ type: 'qr', code });
    });
    client.on('loading_screen', (percent) => {
      // A first synchronisation takes as long as it takes, as long as it goes on.
      bootedAt = performance.now();
      emit({ type: 'progress', percent: Number(percent) });
    });
    client.on('ready', () => {
      listening = true;
      liveness.heard(performance.now());
      const isRepeated = ready && performance.now() - toldReadyAt < sameReadyMs;
      toldReadyAt = performance.now();
      if (!isRepeated) ready = false;
      void beat();
    });
    client.on('change_state', (state: string) => {
      if (state === 'CONNECTED') void beat();
      else lose(state.toLowerCase());
    });
    client.on('disconnected', (reason: string) => {
      const meaning = classifyDisconnect(reason);
      if (meaning === 'logged-out') void logOut();
      else void die(meaning, `WhatsApp ended the connection: ${reason}`);
    });
    client.on('change_battery', (told: unknown) => {
      const battery = batterySchema.safeParse(told).data;
      if (battery) emit({ type: 'battery', percent: battery.battery, plugged: battery.plugged });
    });
    forwardMessages({ client, emit: hearLibrary, onTick: (stanzaId) => sending.ticked(stanzaId), off: repairsOff });
  }

  function emit(event: EngineEvent): void {
    if (!ended) onEvent(event);
  }

  function hear(event: EngineEvent): void {
    activeAt = performance.now();
    liveness.heard(performance.now());
    if (!sending.takes(event, client.pupPage)) emit(event);
  }

  function hearLibrary(event: EngineEvent): void {
    witness.told(event);
    hear(event);
  }

  function scheduleBeat(): void {
    clearTimeout(nextBeat);
    if (ended) return;
    nextBeat = setTimeout(
      () => void beat().finally(scheduleBeat),
      ready ? times.heartbeatMs : times.heartbeatWhileLinkingMs,
    );
  }

  async function beat(): Promise<void> {
    const page = client.pupPage;
    if (ended || !page) return;
    try {
      const heartbeat = await readHeartbeat(page, times.heartbeatTimeoutMs);
      liveness.beat(heartbeat);
      const refusal = refusalBy(heartbeat.state);
      if (refusal) return await die(refusal, `WhatsApp lets nobody in: ${heartbeat.state}`);
      if (heartbeat.state === 'UNPAIRED_IDLE' && !isIdle) {
        // The library would ask for new codes, for ever and with nobody looking; its attempt fails in Node anyway.
        isIdle = true;
        emit({ type: 'qr-idle' });
      }
      if (sawQr && !wasReady) await steps.look(page);
      if (sawQr && (heartbeat.state === 'PAIRING' || heartbeat.state === 'CONNECTED')) reportScanned();
      const inSync = heartbeat.state === 'CONNECTED' && heartbeat.hasSynced;
      if (inSync) syncedAt ??= performance.now();
      if (inSync) await bearWitness(page);
      if (inSync && listening) void radar.look(page).then(() => sending.look(page));
      if (!sawQr || wasReady) hurry(page, heartbeat.state);
      if (ready) void renew(page);
      if (listening && liveness.shouldAsk(performance.now())) void ask();
      // Told while it attaches its listeners, the library says `ready` before it has them.
      const patience = heartbeat.injected ? times.announceWhileAttachingAfterMs : times.announceAfterMs;
      if (inSync && !listening && performance.now() - (syncedAt ?? 0) >= patience) void announce(page);
    } catch (error) {
      // While a document is being replaced there is nothing to ask.
      if (!isNavigation(error)) liveness.missed();
    }
    await judge();
  }

  /** Before readiness is told what comes is seen; afterwards heartbeats don't wait for it. */
  async function bearWitness(page: Page): Promise<void> {
    const looked = witness.look(page, ready);
    if (!ready) await looked;
  }

  /** An old page is let in for a while, and then no more. */
  async function renew(page: Page): Promise<void> {
    const needsUpdate = await readNeedsUpdate(page, times.heartbeatTimeoutMs).catch((error: unknown) => {
      noteFailure('asking for a newer page', error);
      return false;
    });
    const next = reduceUpdate(update, { needsUpdate, activeAt, now: performance.now(), limits: times });
    update = next.update;
    // What becomes of the new document is seen as of every other.
    if (next.reload)
      await page
        .reload({ timeout: times.startTimeoutMs })
        .catch((error: unknown) => noteFailure('loading the page anew', error));
  }

  /** A page without a connection waits ever longer between its tries. */
  function hurry(page: Page, state: string): void {
    const next = reduceAway(away, { state, now: performance.now(), limits: times });
    away = next.away;
    if (next.poke)
      pokeConnection(page, times.heartbeatTimeoutMs).catch((error: unknown) =>
        noteFailure('having the page connect', error),
      );
  }

  function reportScanned(): void {
    if (wasScanned) return;
    wasScanned = true;
    bootedAt = performance.now();
    emit({ type: 'scanned' });
  }

  async function judge(): Promise<void> {
    if (ended) return;
    const verdict = liveness.verdict(performance.now());
    if (verdict.state === 'dead') await die(verdict.cause, 'The session shows no sign of life');
    else if (verdict.state === 'disconnected') lose(verdict.reason);
    else if (listening && !ready) {
      ready = true;
      wasReady = true;
      emit({ type: 'ready', account: readAccount(client) });
      if (client.pupPage) capabilities.look(client.pupPage);
    }
    const waited = performance.now() - bootedAt;
    const isForPerson = (sawQr && !wasScanned) || steps.isForPerson;
    if (!listening && !isForPerson && waited > times.startTimeoutMs)
      await dieStarting('start_timeout', 'Neither a QR code nor readiness came');
  }

  function lose(reason: string): void {
    if (!ready) return;
    ready = false;
    emit({ type: 'disconnected', reason });
  }

  async function announce(page: Page): Promise<void> {
    if (announcing) return;
    announcing = true;
    try {
      await announceSynced(page);
    } catch (error) {
      await dieUnlessNavigating(error);
    } finally {
      announcing = false;
    }
  }

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    if (await askWhatsApp(client, times.answerTimeoutMs)) liveness.heard(performance.now());
    else liveness.unanswered();
    asking = false;
    await judge();
  }

  async function logOut(): Promise<void> {
    if (ended) return;
    emit({ type: 'logged-out', reason: logoutReason });
    await end();
  }

  /** While a document is being replaced, what was asked of it fails, and is asked again of the next. */
  async function dieUnlessNavigating(error: unknown): Promise<void> {
    if (!isNavigation(error)) await dieStarting(classifyFailure(error), textOf(error));
  }

  /** Whether what failed can ever work is for a look at the page to say. */
  async function dieStarting(cause: DeathCause, detail: string): Promise<void> {
    if (ended || isLookedInto) return;
    isLookedInto = true;
    const page = client.pupPage;
    const mayLack = page && isWhatsApp(page) && (cause === 'unknown' || cause === 'start_timeout');
    const missing = mayLack ? await capabilities.essentialsMissing(page) : [];
    if (missing.length > 0) await dieIncompatible(missing);
    else await die(cause, detail);
  }

  async function dieIncompatible(missing: string[]): Promise<void> {
    await die('engine_incompatible', `WhatsApp's page has no ${missing.join(', ')}`, missing);
  }

  async function die(cause: DeathCause, detail: string, missing?: string[]): Promise<void> {
    if (ended) return;
    // A page that didn't load: what came instead waits for nothing, and the library waits for it.
    const isUnreached = cause === 'start_timeout' && client.pupPage && !isWhatsApp(client.pupPage);
    // The browser first: whoever hears of the death takes over its profile.
    await end();
    onEvent({ type: 'died', cause: isUnreached ? 'unreachable' : cause, detail, ...(missing && { missing }) });
  }

  async function end(): Promise<void> {
    ended = true;
    clearTimeout(nextBeat);
    capabilities.stop();
    await closeBrowser();
  }

  async function stop(): Promise<void> {
    await end();
    // A browser that was being launched closes once it is there; one that takes longer is killed with its home.
    await withDeadline(initialized, times.stopTimeoutMs, 'Ending the start').catch(() => undefined);
  }

  /** Closes in order, so that everything reaches the profile; kills what is left when that takes too long. */
  async function closeBrowser(): Promise<void> {
    const process = client.pupBrowser?.process();
    try {
      await withDeadline(client.destroy(), times.stopTimeoutMs, 'Closing the browser');
    } catch {
      // Killed below, whatever is wrong with it.
    }
    if (process?.pid !== undefined)
      await home.kill(process.pid, () => process.exitCode !== null || process.signalCode !== null);
  }

  function livePage(): Page {
    const page = client.pupPage;
    if (ended || !page || !listening) throw new EngineError('unready', 'The session is not ready');
    return page;
  }

  function unlinkedPage(): Page {
    const page = client.pupPage;
    if (ended || !page || !sawQr || wasScanned) throw new PairingRefusal('unavailable', 'WhatsApp waits for no code');
    return page;
  }

  /** @throws {EngineError} also when WhatsApp's page can't do it any more */
  async function pageFor(capability: CapabilityName): Promise<Page> {
    livePage();
    await capabilities.require(capability);
    return livePage();
  }

  return {
    get pid() {
      return client.pupBrowser?.process()?.pid;
    },
    async sendText(peer, text) {
      const page = await pageFor('send');
      activeAt = performance.now();
      return sending.send(client, { page, peer, text, timeoutMs: times.sendTimeoutMs });
    },
    showTyping: async (peer) => showTyping(livePage(), peer),
    async markSeen(peer) {
      livePage();
      await withDeadline(client.sendSeen(peer), times.sendTimeoutMs, 'Marking as seen');
    },
    describePeer: async (peer) => describePeer(await pageFor('contact'), peer),
    listChats: async () => listChats(await pageFor('chat_list')),
    fetchSince: async (peer, range) => fetchSince(await pageFor('history'), peer, range),
    noteStored: (message) => witness.stored(message),
    requestPairingCode: async (phone) => requestPairingCode(unlinkedPage(), phone),
    refreshQr: async () => {
      isIdle = false;
      await refreshQr(unlinkedPage());
    },
    readLocalStorage: async () => readLocalStorage(livePage()),
    async answerPasskey(requestId, answer) {
      // What follows may take as long as a start.
      bootedAt = performance.now();
      return !ended && steps.answerPasskey(requestId, answer);
    },
    async compareCode(code, matches) {
      const page = client.pupPage;
      bootedAt = performance.now();
      return !ended && page !== undefined && steps.compareCode({ page, code, matches });
    },
    async logout() {
      try {
        // A page on a dead link unlinks itself all the same, and the phone never hears of it.
        const isHeard = ready && !ended && (await askWhatsApp(client, times.answerTimeoutMs));
        return isHeard && (await unlink(livePage(), times.unlinkTimeoutMs));
      } finally {
        await stop();
      }
    },
    stop,
  };
}
