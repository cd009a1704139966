import type { Client } from 'whatsapp-web.js';
import type { Page } from 'puppeteer';
import type { EngineEvent } from '../../engine.ts';
import { askWhatsApp, readAccount } from '../client-calls.ts';
import type { Liveness } from '../liveness.ts';
import type { NoteFailure } from '../note-failures.ts';
import { pokeConnection } from '../page/calls/poke-connection.ts';
import { readNeedsUpdate } from '../page/calls/read-needs-update.ts';
import type { CapabilityWatch } from '../page/probe/watch-capabilities.ts';
import { announceSynced } from '../page-calls.ts';
import type { LinkingSteps } from '../passkey/linking-steps.ts';
import type { RestrictionWatch } from '../restrictions/create-restriction-watch.ts';
import type { Sending } from '../send/create-sending.ts';
import type { SessionTimes } from '../session-times.ts';
import type { Witness } from '../witness/create-witness.ts';
import type { SessionEffect, SessionEvent, Shown } from './session-state.ts';

/** With what the effects of a session are carried out. */
export interface EffectDeps {
  client: Client;
  times: SessionTimes;
  liveness: Liveness;
  capabilities: CapabilityWatch;
  restrictionWatch: RestrictionWatch;
  sending: Sending;
  steps: LinkingSteps;
  witness: Witness;
  noteFailure: NoteFailure;
  tell: (event: EngineEvent) => void;
  dispatch: (event: SessionEvent) => Promise<void>;
  beat: () => Promise<void>;
  judge: () => Promise<void>;
  /** Ends the browser. */
  close: () => Promise<void>;
  shows: () => Shown;
  failUnlessNavigating: (error: unknown) => Promise<void>;
}

/** @returns what is to be waited for before the next effect is carried out; undefined: nothing */
export function carryOut(effect: SessionEffect, deps: EffectDeps): Promise<void> | undefined {
  const { client, tell } = deps;
  const page = client.pupPage;
  switch (effect.type) {
    case 'tell':
      tell(effect.event);
      return undefined;
    case 'tell-ready':
      tell({ type: 'ready', account: readAccount(client) });
      return undefined;
    case 'beat':
      return void deps.beat();
    case 'examine':
      return examine(effect, deps);
    case 'close':
      return end(effect, deps);
    default:
      return page && onPage(page, effect, deps);
  }
}

type OnPage = Exclude<SessionEffect, { type: 'tell' | 'tell-ready' | 'beat' | 'examine' | 'close' }>;

function onPage(page: Page, effect: OnPage, deps: EffectDeps): Promise<void> | undefined {
  const { capabilities, restrictionWatch, sending, steps, witness, noteFailure, times } = deps;
  switch (effect.type) {
    case 'look-at-steps':
      return steps.look(page);
    case 'bear-witness': {
      // Before readiness is told what comes is seen; afterwards heartbeats don't wait for it.
      const looked = witness.look(page, effect.isReady);
      return effect.isReady ? undefined : looked;
    }
    case 'look-at-sends':
      return void restrictionWatch.look(page).then(() => sending.look(page));
    case 'look-at-capabilities':
      capabilities.look(page);
      return undefined;
    case 'poke':
      return void pokeConnection(page, times.heartbeatTimeoutMs).catch((error: unknown) =>
        noteFailure('having the page connect', error),
      );
    case 'read-update':
      return void readUpdate(page, deps);
    case 'reload':
      return void page
        .reload({ timeout: times.startTimeoutMs })
        .catch((error: unknown) => noteFailure('loading the page anew', error));
    case 'ask':
      return void ask(deps);
    case 'announce':
      return void announce(page, deps);
    default:
      return effect satisfies never;
  }
}

async function readUpdate(page: Page, { times, noteFailure, dispatch }: EffectDeps): Promise<void> {
  const needsUpdate = await readNeedsUpdate(page, times.heartbeatTimeoutMs).catch((error: unknown) => {
    noteFailure('asking for a newer page', error);
    return false;
  });
  await dispatch({ type: 'update-read', needsUpdate, at: performance.now() });
}

async function ask({ client, times, liveness, noteFailure, dispatch, judge }: EffectDeps): Promise<void> {
  const hasAnswered = await askWhatsApp(client, times.answerTimeoutMs).catch((error: unknown) => {
    noteFailure('asking WhatsApp', error);
    return false;
  });
  if (hasAnswered) liveness.heard(performance.now());
  else liveness.unanswered();
  await dispatch({ type: 'asked' });
  await judge();
}

async function announce(page: Page, { dispatch, failUnlessNavigating }: EffectDeps): Promise<void> {
  try {
    await announceSynced(page);
  } catch (error) {
    await failUnlessNavigating(error);
  } finally {
    await dispatch({ type: 'announced' });
  }
}

async function examine(
  { cause, detail }: Extract<SessionEffect, { type: 'examine' }>,
  { client, capabilities, dispatch, shows }: EffectDeps,
): Promise<void> {
  const missing = client.pupPage ? await capabilities.essentialsMissing(client.pupPage) : [];
  await dispatch({ type: 'examined', cause, detail, missing, shows: shows() });
}

/** The browser first: whoever hears of a death takes over its profile. */
async function end({ last }: Extract<SessionEffect, { type: 'close' }>, { close, tell }: EffectDeps): Promise<void> {
  await close();
  if (last) tell(last);
}
