import type { DeathCause, EngineEvent } from '../../engine.ts';
import { classifyDisconnect, refusalBy } from '../classify-failure.ts';
import { reduceUpdate } from '../page-update.ts';
import { reduceDisconnection } from '../reconnect.ts';
import type { SessionEffect, SessionEvent, SessionLimits, SessionState, SessionStep } from './session-state.ts';

/** The library tells `ready` once for each time that it was injected into the document, one right after the other. */
const sameReadyMs = 2_000;

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

/** What an event makes of a session, and what is to be done about it. Nothing happens to one that has ended. */
export function reduceSession(state: SessionState, event: SessionEvent, limits: SessionLimits): SessionStep {
  if (state.phase === 'ended') return stay(state);
  switch (event.type) {
    case 'document':
      return stay({ ...state, document: { isListening: false }, bootedAt: event.at });
    case 'qr':
      return step({ ...state, code: state.code === 'scanned' ? 'scanned' : 'shown', isIdle: false }, tell(event));
    case 'qr-wanted':
      return stay({ ...state, isIdle: false });
    case 'loading':
      // A first synchronisation takes as long as it takes, as long as it goes on.
      return step({ ...state, bootedAt: event.at }, tell({ type: 'progress', percent: event.percent }));
    case 'told-ready':
      return toldReady(state, event);
    case 'changed':
      return event.state === 'CONNECTED' ? step(state, { type: 'beat' }) : lose(state, event.state.toLowerCase());
    case 'disconnected':
      return disconnected(state, event);
    case 'logout-reason':
      return stay({ ...state, logoutReason: event.reason });
    case 'active':
      return stay({ ...state, activeAt: event.at });
    case 'owner-acted':
      return stay({ ...state, bootedAt: event.at });
    case 'beat':
      return beat(state, event);
    case 'looked-at-steps':
      return lookedAtSteps(state, event);
    case 'witnessed':
      return witnessed(state, event, limits);
    case 'judged':
      return judged(state, event, limits);
    case 'update-read':
      return updateRead(state, event, limits);
    case 'announced':
      return stay({ ...state, isAnnouncing: false });
    case 'asked':
      return stay({ ...state, isAsking: false });
    case 'start-failed':
      return startFailed(state, event);
    case 'examined':
      return examined(state, event);
    case 'incompatible':
      return dieIncompatible(state, event.missing);
    case 'gone':
      return die(state, event);
    case 'stop':
      return stay({ ...state, phase: 'ended' });
    default:
      return event satisfies never;
  }
}

function toldReady(state: SessionState, { at }: Of<'told-ready'>): SessionStep {
  const { toldReadyAt = -Infinity } = state.document;
  const isRepeated = state.isReady && at - toldReadyAt < sameReadyMs;
  const document = { ...state.document, isListening: true, toldReadyAt: at };
  return step({ ...state, document, isReady: isRepeated }, { type: 'beat' });
}

function disconnected(state: SessionState, { reason }: Of<'disconnected'>): SessionStep {
  const meaning = classifyDisconnect(reason);
  if (meaning !== 'logged-out')
    return die(state, { cause: meaning, detail: `WhatsApp ended the connection: ${reason}` });
  const loggedOut = tell({ type: 'logged-out', reason: state.logoutReason });
  return step({ ...state, phase: 'ended' }, loggedOut, { type: 'close' });
}

function lose(state: SessionState, reason: string): SessionStep {
  if (!state.isReady) return stay(state);
  return step({ ...state, isReady: false }, tell({ type: 'disconnected', reason }));
}

function beat(state: SessionState, { heartbeat }: Of<'beat'>): SessionStep {
  const refusal = refusalBy(heartbeat.state);
  if (refusal) return die(state, { cause: refusal, detail: `WhatsApp lets nobody in: ${heartbeat.state}` });
  // The library would ask for new codes, for ever and with nobody looking; its attempt fails in Node anyway.
  const becomesIdle = heartbeat.state === 'UNPAIRED_IDLE' && !state.isIdle;
  const next = becomesIdle ? { ...state, isIdle: true } : state;
  return step(
    next,
    becomesIdle && tell({ type: 'qr-idle' }),
    state.code !== 'none' && !state.wasReady && { type: 'look-at-steps' },
  );
}

function lookedAtSteps(state: SessionState, { heartbeat, at }: Of<'looked-at-steps'>): SessionStep {
  const isScanned = state.code === 'shown' && (heartbeat.state === 'PAIRING' || heartbeat.state === 'CONNECTED');
  const scanned: SessionState = isScanned ? { ...state, code: 'scanned', bootedAt: at } : state;
  const inSync = isInSync(heartbeat);
  const { document } = scanned;
  return step(
    inSync ? { ...scanned, document: { ...document, syncedAt: document.syncedAt ?? at } } : scanned,
    isScanned && tell({ type: 'scanned' }),
    inSync && { type: 'bear-witness', isReady: state.isReady },
  );
}

function witnessed(state: SessionState, event: Of<'witnessed'>, limits: SessionLimits): SessionStep {
  const { heartbeat, at } = event;
  const { isListening, syncedAt } = state.document;
  const inSync = isInSync(heartbeat);
  const mayBeDisconnected = state.code === 'none' || state.wasReady;
  const { disconnection, poke } = mayBeDisconnected
    ? reduceDisconnection(state.disconnection, { state: heartbeat.state, now: at, limits })
    : { disconnection: state.disconnection, poke: false };
  const ask = isListening && event.shouldAsk && !state.isAsking;
  // Told while it attaches its listeners, the library says `ready` before it has them.
  const patience = heartbeat.injected ? limits.announceWhileAttachingAfterMs : limits.announceAfterMs;
  const isLate = inSync && !isListening && syncedAt !== undefined && at - syncedAt >= patience;
  const announce = isLate && !state.isAnnouncing;
  return step(
    { ...state, disconnection, isAsking: state.isAsking || ask, isAnnouncing: state.isAnnouncing || announce },
    inSync && isListening && { type: 'look-at-sends' },
    poke && { type: 'poke' },
    state.isReady && { type: 'read-update' },
    ask && { type: 'ask' },
    announce && { type: 'announce' },
  );
}

function judged(state: SessionState, event: Of<'judged'>, limits: SessionLimits): SessionStep {
  const { verdict, at } = event;
  if (verdict.state === 'dead')
    return die(state, { cause: verdict.cause, detail: 'The session shows no sign of life' });
  if (state.document.isListening) {
    if (verdict.state === 'disconnected') return lose(state, verdict.reason);
    if (state.isReady) return stay(state);
    const ready = { ...state, isReady: true, wasReady: true };
    return step(ready, { type: 'tell-ready' }, { type: 'look-at-capabilities' });
  }
  const lost = verdict.state === 'disconnected' ? lose(state, verdict.reason) : stay(state);
  const isForPerson = state.code === 'shown' || event.isForPerson;
  if (isForPerson || at - state.bootedAt <= limits.startTimeoutMs) return lost;
  const { shows } = event;
  const detail = 'Neither a QR code nor readiness came';
  const failed = startFailed(lost.state, { type: 'start-failed', cause: 'start_timeout', detail, shows });
  return { state: failed.state, effects: [...lost.effects, ...failed.effects] };
}

/** An old page is let in for a while, and then no more. */
function updateRead(state: SessionState, { needsUpdate, at }: Of<'update-read'>, limits: SessionLimits): SessionStep {
  const { activeAt } = state;
  const { update, reload } = reduceUpdate(state.update, { needsUpdate, activeAt, now: at, limits });
  // What becomes of the new document is seen as of every other.
  return step({ ...state, update }, reload && { type: 'reload' });
}

/** Whether what failed can ever work is for a look at the page to say. */
function startFailed(state: SessionState, { cause, detail, shows }: Of<'start-failed'>): SessionStep {
  if (state.phase === 'examined') return stay(state);
  const mayLack = shows === 'whatsapp' && (cause === 'unknown' || cause === 'start_timeout');
  if (mayLack) return step({ ...state, phase: 'examined' }, { type: 'examine', cause, detail });
  return examined(state, { type: 'examined', cause, detail, shows, missing: [] });
}

function examined(state: SessionState, { cause, detail, shows, missing }: Of<'examined'>): SessionStep {
  if (missing.length > 0) return dieIncompatible(state, missing);
  // A page that didn't load: what came instead waits for nothing, and the library waits for it.
  const isUnreached = cause === 'start_timeout' && shows === 'other';
  return die(state, { cause: isUnreached ? 'unreachable' : cause, detail });
}

function dieIncompatible(state: SessionState, missing: string[]): SessionStep {
  return die(state, {
    cause: 'engine_incompatible',
    detail: `WhatsApp's page has no ${missing.join(', ')}`,
    missing,
  });
}

function die(
  state: SessionState,
  { cause, detail, missing }: { cause: DeathCause; detail: string; missing?: string[] },
): SessionStep {
  const last: EngineEvent = { type: 'died', cause, detail, ...(missing && { missing }) };
  return step({ ...state, phase: 'ended' }, { type: 'close', last });
}

function isInSync({ state, hasSynced }: Of<'beat'>['heartbeat']): boolean {
  return state === 'CONNECTED' && hasSynced;
}

function tell(event: EngineEvent): SessionEffect {
  return { type: 'tell', event };
}

function stay(state: SessionState): SessionStep {
  return { state, effects: [] };
}

function step(state: SessionState, ...effects: (SessionEffect | false)[]): SessionStep {
  return { state, effects: effects.filter((effect) => effect !== false) };
}
