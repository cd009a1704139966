import type { Account } from '../engine/engine.ts';
import type { LinkEvent, LinkFailure } from '../link/link-machine.ts';
import type { Outcome } from './browser-run-deps.ts';
import { reduceCatchUp } from './catch-up-tries.ts';
import { confirm } from './confirm-link.ts';
import type { Timer, WatchContext, WatchEffect, WatchEvent, WatchState, WatchStep } from './watch-state.ts';

type Of<T extends WatchEvent['type']> = Extract<WatchEvent, { type: T }>;

/** What an event makes of one browser's session, and what is to be done about it. */
export function reduceWatch(state: WatchState, event: WatchEvent, context: WatchContext): WatchStep {
  const { date, isPairing, limits } = context;
  switch (event.type) {
    case 'qr':
      return showCode(state, event, context);
    case 'code-asked':
      return step(state, ...waitForPhone(limits.linkingMs));
    case 'linking-over':
      return step(state, end({ type: 'qr-idle' }));
    case 'confirming-over':
      return step(state, giveUp(event.failure));
    case 'passkey':
    case 'passkey-ended':
    case 'passkey-answered':
    case 'comparison-code':
    case 'code-compared':
      return confirm(state, event, limits);
    case 'scanned':
      return step({ ...state, isLinked: true }, { type: 'pairing-done' }, clear('linking'), apply(event));
    case 'progress':
      return step({ ...state, isLinked: true, setback: undefined }, ...stopWaiting, apply(event));
    case 'ready':
      return becomeReady(state, event.account, context);
    case 'battery': {
      const { percent, plugged } = event;
      return step(state, apply({ type: 'battery', battery: { percent, plugged, at: date } }));
    }
    case 'disconnected':
      return disconnected(state, event);
    case 'message':
    case 'delivery':
    case 'edit':
    case 'revoke':
    case 'reaction':
    case 'poll':
    case 'unread':
      return store(state, event);
    case 'unreadable':
      return step(state, {
        type: 'log',
        level: 'warn',
        message: 'A message of WhatsApp could not be read',
        fields: { why: event.why },
      });
    case 'missed':
    case 'reception':
      return step(state, { type: 'reception', event });
    case 'page-silent':
      return step(state, {
        type: 'begin-anew',
        outcome: { type: 'died', cause: 'page_silent', detail: 'The page gives no sign of messages' },
      });
    case 'capabilities':
      return capable(state, event, date);
    case 'restrictions':
      return step(state, apply({ type: 'health', found: event, at: date }));
    case 'qr-idle':
      // A code that is typed on the phone outlives the QR codes.
      return step(state, !isPairing && end(event));
    case 'logged-out':
    case 'died':
      return step(state, end(event));
    case 'process':
      return step(
        { ...state, isProcessKnown: true },
        { type: 'log', level: 'info', message: 'A browser runs', fields: { pid: event.pid } },
      );
    case 'catch-up-due':
    case 'caught-up':
    case 'catch-up-failed':
      return reduceCatchUp(state, event, limits);
    case 'save-due':
      return step(state, state.isReady && { type: 'save' });
    case 'close':
      return close(state);
    default:
      return event satisfies never;
  }
}

function showCode(state: WatchState, { code }: Of<'qr'>, { limits }: WatchContext): WatchStep {
  const next = { ...state, codes: state.codes + 1 };
  const { setback } = state;
  if (setback) return step(next, { type: 'pass-gate' }, giveUp(setback));
  if (!state.isLinking) return step(next, { type: 'pass-gate' }, end({ type: 'unlinked-meanwhile' }));
  const isFirst = next.codes === 1;
  return step(next, { type: 'pass-gate' }, ...(isFirst ? waitForPhone(limits.linkingMs) : []), {
    type: 'offer-code',
    code,
    lifetimeMs: isFirst ? limits.firstQrMs : limits.nextQrMs,
  });
}

function becomeReady(state: WatchState, account: Account, { at, date }: WatchContext): WatchStep {
  const isFirst = state.readyAt === undefined;
  return step(
    {
      ...state,
      account,
      isLinked: true,
      setback: undefined,
      readyAt: state.readyAt ?? at,
      // From now on a code would mean that the phone has unlinked the device.
      isLinking: false,
      catchUpFailures: 0,
      isReady: true,
    },
    { type: 'pass-gate' },
    ...stopWaiting,
    isFirst && state.isRestored && { type: 'count', metric: 'SessionStartTime', value: at - state.begunAt },
    isFirst && !state.isRestored && { type: 'begin-link' },
    // First, so that what is missing has its place before what comes now.
    clear('catching-up'),
    !state.isClosed && { type: 'catch-up' },
    apply({ type: 'ready', account, at: date }),
    { type: 'save' },
    !state.isClosed && { type: 'use', isReady: true },
  );
}

function disconnected(state: WatchState, { reason }: Of<'disconnected'>): WatchStep {
  return step(
    { ...state, isReady: false },
    { type: 'log', level: 'info', message: 'Connection lost', fields: { reason } },
    state.isReady && { type: 'pause-inbound' },
    !state.isClosed && { type: 'use', isReady: false },
    apply({ type: 'interrupted' }),
  );
}

function store(state: WatchState, event: Extract<WatchEffect, { type: 'store' }>['event']): WatchStep {
  const isRefused = event.type === 'delivery' && event.failure !== undefined;
  return step(
    state,
    isRefused && { type: 'count', metric: 'SendsRefused' },
    { type: 'store', event },
    { type: 'save' },
  );
}

function capable(state: WatchState, event: Of<'capabilities'>, date: string): WatchStep {
  const { report } = event;
  const { account } = state;
  return step(
    state,
    apply({ type: 'health', found: event, at: date }),
    { type: 'note-build', report },
    state.isReady && account !== undefined && { type: 'self-test', build: report.build, account },
  );
}

function close(state: WatchState): WatchStep {
  return step(
    { ...state, isClosed: true, isReady: false, setback: undefined },
    state.isReady && { type: 'pause-inbound' },
    ...stopWaiting,
    clear('catching-up'),
  );
}

function waitForPhone(ms: number): WatchEffect[] {
  return [{ type: 'set-timer', timer: 'linking', ms, event: { type: 'linking-over' } }];
}

const stopWaiting: readonly WatchEffect[] = [clear('linking'), clear('confirming')];

function clear(timer: Timer): WatchEffect {
  return { type: 'clear-timer', timer };
}

function apply(event: LinkEvent): WatchEffect {
  return { type: 'apply', event };
}

function end(outcome: Outcome): WatchEffect {
  return { type: 'end', outcome };
}

function giveUp(failure: LinkFailure): WatchEffect {
  return end({ type: 'gave-up', failure });
}

function step(state: WatchState, ...effects: (WatchEffect | false)[]): WatchStep {
  return { state, effects: effects.filter((effect) => effect !== false) };
}
