import WhatsAppWeb from 'whatsapp-web.js';
import type { Client } from 'whatsapp-web.js';
import type { EngineEvent, EngineSession, StartOptions } from '../engine.ts';
import { withDeadline } from '../with-deadline.ts';
import { createProfileAuth } from './auth-strategy.ts';
import { classifyFailure, isNavigation, textOf } from './classify-failure.ts';
import { createLiveness } from './liveness.ts';
import { launchOptions, userAgent, type BrowserConfig } from './launch-options.ts';
import { isWhatsApp, readHeartbeat, restoreLocalStorage } from './page-calls.ts';
import { forwardChange } from './messages/forward-changes.ts';
import { forwardMessages } from './messages/forward-messages.ts';
import { guardInjection } from './guard-injection.ts';
import { fetchSince } from './page/calls/fetch-since.ts';
import { installPrelude, type Prelude } from './page/prelude.ts';
import { createCapabilityWatch } from './page/probe/watch-capabilities.ts';
import { createLinkingSteps } from './passkey/linking-steps.ts';
import { createRestrictionWatch } from './restrictions/create-restriction-watch.ts';
import { createSending } from './send/create-sending.ts';
import { createFailureNotes } from './note-failures.ts';
import { carryOut, type EffectDeps } from './session/carry-out.ts';
import { closeBrowser } from './session/close-browser.ts';
import { listenToClient } from './session/listen-to-client.ts';
import { createSessionCalls, livePage } from './session/session-calls.ts';
import { reduceSession } from './session/session-machine.ts';
import { freshSession, type SessionEvent, type Shown } from './session/session-state.ts';
import { watchPage } from './session/watch-page.ts';
import type { SessionTimes } from './session-times.ts';
import { createWitness } from './witness/create-witness.ts';

interface Options extends StartOptions {
  browser: BrowserConfig;
  times: SessionTimes;
  /** Repairs of the page that are switched off, by name. */
  repairsOff?: readonly string[] | undefined;
}

/**
 * One client of the library in one browser. What the library tells is checked against heartbeats from inside the page,
 * since it can stay silent when it shouldn't (`ready` never fires, a dead browser is no event) and tell twice what
 * happened once. What all that means is for the machine to say (session/session-machine.ts); here its events come in
 * and its effects are carried out.
 */
export function createSession({ home, localStorage, onEvent, browser, times, repairsOff }: Options): EngineSession {
  let state = freshSession(performance.now());
  let nextBeat: NodeJS.Timeout | undefined;
  let prelude: Prelude | undefined;
  let endLocalStorage: (() => Promise<void>) | undefined;
  const liveness = createLiveness(times);
  const noteFailure = createFailureNotes();
  const steps = createLinkingSteps(emit);
  const capabilities = createCapabilityWatch({
    prelude: () => prelude,
    times,
    noteFailure,
    onReport: (report) => emit({ type: 'capabilities', report }),
    onIncompatible: (missing) => void dispatch({ type: 'incompatible', missing }),
  });
  const witness = createWitness({
    limits: times,
    emit: hear,
    noteFailure,
    onTick: (stanzaId) => sending.ticked(stanzaId),
    onReactionsFound: () => capabilities.noteDetour('reaction', 'asked for in WAWebCollections.Reactions'),
    fetchSince: async (peer, range) => fetchSince(livePage(client, state), peer, range),
  });
  const restrictionWatch = createRestrictionWatch({
    limits: times,
    noteFailure,
    emit: (restrictions) => emit({ type: 'restrictions', restrictions }),
  });
  const sending = createSending({
    restrictionWatch,
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
  const deps: EffectDeps = {
    client,
    times,
    liveness,
    capabilities,
    restrictionWatch,
    sending,
    steps,
    witness,
    noteFailure,
    tell: onEvent,
    dispatch,
    beat,
    judge,
    close,
    shows,
    failUnlessNavigating,
  };
  guardInjection(client, {
    async onInjected() {
      await endLocalStorage?.();
      endLocalStorage = undefined;
    },
    onFailure: failUnlessNavigating,
  });
  listenToClient(client, {
    emit,
    dispatch: (event) => void dispatch(event),
    onHeard: () => liveness.heard(performance.now()),
  });
  forwardMessages({ client, emit: hearLibrary, onTick: (stanzaId) => sending.ticked(stanzaId), off: repairsOff });
  const initialized = initialize();

  /** Rejects with what an effect that is waited for rejects with: only a heartbeat has such. */
  async function dispatch(event: SessionEvent): Promise<void> {
    const next = reduceSession(state, event, times);
    state = next.state;
    for (const effect of next.effects) {
      const done = carryOut(effect, deps);
      // Only where there is something to wait for: what is told is told in the order in which it happens.
      if (done) await done;
    }
  }

  async function initialize(): Promise<void> {
    try {
      await client.initialize();
    } catch (error) {
      if (state.phase === 'ended') await close();
      else await fail(error);
    }
  }

  async function prepare(prepared: Client): Promise<void> {
    const page = watchPage(prepared, {
      dispatch: (event) => void dispatch(event),
      onDocument: () => witness.documentGone(),
    });
    if (state.phase === 'ended') throw new Error('Stopped while starting');
    await steps.install(page);
    prelude = await installPrelude(page, {
      off: repairsOff,
      onFact(fact) {
        if (fact.type === 'logout-reason') void dispatch(fact);
        else forwardChange(fact, hear);
      },
    });
    if (localStorage) endLocalStorage = await restoreLocalStorage(page, localStorage);
    scheduleBeat();
  }

  function emit(event: EngineEvent): void {
    if (state.phase !== 'ended') onEvent(event);
  }

  function hear(event: EngineEvent): void {
    const at = performance.now();
    void dispatch({ type: 'active', at });
    liveness.heard(at);
    if (!sending.takes(event, client.pupPage)) emit(event);
  }

  function hearLibrary(event: EngineEvent): void {
    witness.told(event);
    hear(event);
  }

  function scheduleBeat(): void {
    clearTimeout(nextBeat);
    if (state.phase === 'ended') return;
    const pause = state.isReady ? times.heartbeatMs : times.heartbeatWhileLinkingMs;
    nextBeat = setTimeout(() => void beat().finally(scheduleBeat), pause);
  }

  async function beat(): Promise<void> {
    const page = client.pupPage;
    if (state.phase === 'ended' || !page) return;
    try {
      const heartbeat = await readHeartbeat(page, times.heartbeatTimeoutMs);
      liveness.beat(heartbeat);
      await dispatch({ type: 'beat', heartbeat });
      await dispatch({ type: 'looked-at-steps', heartbeat, at: performance.now() });
      const at = performance.now();
      await dispatch({ type: 'witnessed', heartbeat, shouldAsk: liveness.shouldAsk(at), at });
    } catch (error) {
      // While a document is being replaced there is nothing to ask.
      if (!isNavigation(error)) liveness.missed();
    }
    await judge();
  }

  async function judge(): Promise<void> {
    if (state.phase === 'ended') return;
    const at = performance.now();
    const { isForPerson } = steps;
    await dispatch({ type: 'judged', verdict: liveness.verdict(at), isForPerson, shows: shows(), at });
  }

  function shows(): Shown {
    if (!client.pupPage) return 'nothing';
    return isWhatsApp(client.pupPage) ? 'whatsapp' : 'other';
  }

  async function fail(error: unknown): Promise<void> {
    await dispatch({ type: 'start-failed', cause: classifyFailure(error), detail: textOf(error), shows: shows() });
  }

  /** While a document is being replaced, what was asked of it fails, and is asked again of the next. */
  async function failUnlessNavigating(error: unknown): Promise<void> {
    if (!isNavigation(error)) await fail(error);
  }

  async function close(): Promise<void> {
    clearTimeout(nextBeat);
    capabilities.stop();
    await closeBrowser(client, { home, timeoutMs: times.stopTimeoutMs });
  }

  async function stop(): Promise<void> {
    await dispatch({ type: 'stop' });
    await close();
    // A browser that was being launched closes once it is there; one that takes longer is killed with its home.
    await withDeadline(initialized, times.stopTimeoutMs, 'Ending the start').catch(() => undefined);
  }

  return createSessionCalls({
    client,
    times,
    state: () => state,
    dispatch: (event) => void dispatch(event),
    capabilities,
    steps,
    sending,
    witness,
    stop,
  });
}
