import type { EngineEvent } from '../engine/engine.ts';
import type { LinkFailure } from '../link/link-machine.ts';
import type { SessionLimits } from './browser-run-deps.ts';
import type { WatchEffect, WatchState, WatchStep } from './watch-state.ts';

type Confirmation = Extract<
  EngineEvent,
  { type: 'passkey' | 'passkey-ended' | 'passkey-answered' | 'comparison-code' | 'code-compared' }
>;

const stopWaiting: readonly WatchEffect[] = [
  { type: 'clear-timer', timer: 'linking' },
  { type: 'clear-timer', timer: 'confirming' },
];

/** The steps that WhatsApp puts between code and link: the owner's passkey, and a code to compare. */
export function confirm(before: WatchState, event: Confirmation, limits: SessionLimits): WatchStep {
  const state = { ...before, setback: undefined };
  switch (event.type) {
    case 'passkey':
      return step({ ...state, isLinked: false }, { type: 'pairing-done' }, { type: 'apply', event });
    case 'passkey-ended':
      if (event.why === 'expired') return step(state, giveUp('passkey_expired'));
      return step(
        state,
        { type: 'set-timer', timer: 'linking', ms: limits.linkingMs, event: { type: 'linking-over' } },
        { type: 'apply', event: { type: 'passkey-withdrawn' } },
      );
    case 'passkey-answered':
      if (event.outcome === 'refused') return step(state, giveUp('passkey_refused'));
      return step({ ...state, setback: 'passkey_rejected' }, giveUpAfter(limits.passkeyAnswerMs, 'passkey_rejected'));
    case 'comparison-code':
      return step({ ...state, setback: 'code_mismatch' }, giveUpAfter(limits.linkingMs, 'passkey_expired'), {
        type: 'apply',
        event,
      });
    case 'code-compared':
      if (!event.matches) return step(state, giveUp('code_mismatch'));
      // Until it goes on the phone may still say no.
      return step({ ...state, setback: 'code_mismatch' }, giveUpAfter(limits.passkeyAnswerMs, 'passkey_rejected'));
    default:
      return event satisfies never;
  }
}

/** Whatever was waited for before is over. */
function step(state: WatchState, ...effects: WatchEffect[]): WatchStep {
  return { state, effects: [...stopWaiting, ...effects] };
}

function giveUp(failure: LinkFailure): WatchEffect {
  return { type: 'end', outcome: { type: 'gave-up', failure } };
}

function giveUpAfter(ms: number, failure: LinkFailure): WatchEffect {
  return { type: 'set-timer', timer: 'confirming', ms, event: { type: 'confirming-over', failure } };
}
