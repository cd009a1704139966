import type { LogFields, MetricName } from '@top-active/aws';
import type { LinkEvent } from '../link/link-machine.ts';
import type { Outcome, Stop } from './browser-run-deps.ts';
import { decideRestart } from './restart-policy.ts';

type Death = Extract<Outcome, { type: 'died' }>;
type End = Exclude<Outcome, { type: 'died' }>;

/** An attempt of a user's session, browser after browser, until it is over. */
export interface AttemptState {
  /** What is waited for. */
  phase: 'loading' | 'running' | 'looking-below' | 'deciding' | 'pausing' | 'over';
  /** Since the session was last ready for a while. */
  deaths: number;
  /** Only checkpoints older than this generation are opened; undefined: the newest. */
  below?: number | undefined;
  /** The checkpoint with which the browser began; undefined: it began in an empty profile. */
  opened?: { generation: number | undefined } | undefined;
  death?: Death | undefined;
}

export type AttemptEvent =
  | { type: 'begin' }
  /** `opened` as in the state. */
  | { type: 'loaded'; opened: { generation: number | undefined } | undefined }
  /** `isWatched`: the owner wants to link, and looks. */
  | { type: 'ended'; outcome: Outcome; wasStable: boolean; isWatched: boolean }
  /** Whether there is an older checkpoint. */
  | { type: 'looked-below'; found: boolean }
  /** `linked`: there is a session to come back to; `random`: between 0 and 1. */
  | { type: 'checked'; linked: boolean; random: number; date: string }
  | { type: 'paused' }
  /** It is not to go on, or can't. */
  | { type: 'stopped'; outcome: End };

export type AttemptEffect =
  | { type: 'load'; below: number | undefined }
  | { type: 'run' }
  | { type: 'look-below'; below: number | undefined }
  /** Whether there is a session to come back to; `otherwise` when that can't be told. */
  | { type: 'look-for-checkpoints'; wasOpened: boolean }
  | { type: 'pause'; ms: number }
  /** What is saved from now on is another link's. */
  | { type: 'begin-link' }
  /** The phone has the device no more. */
  | { type: 'removed' }
  /** Nothing is kept of what was saved. */
  | { type: 'forget' }
  | { type: 'apply'; event: LinkEvent }
  | { type: 'count'; metric: MetricName }
  | { type: 'log'; message: string; fields: LogFields };

export interface AttemptStep {
  state: AttemptState;
  /** To be carried out in this order. One at most is answered by the next event. */
  effects: AttemptEffect[];
}

type Of<T extends AttemptEvent['type']> = Extract<AttemptEvent, { type: T }>;

export const freshAttempt: AttemptState = { phase: 'loading', deaths: 0 };

/** What an event makes of an attempt, and what is to be done about it. */
export function reduceAttempt(state: AttemptState, event: AttemptEvent): AttemptStep {
  switch (event.type) {
    case 'begin':
    case 'paused':
      return load(state, state.below);
    case 'loaded':
      return loaded(state, event);
    case 'ended':
      return ended(state, event);
    case 'looked-below':
      return event.found ? load(state, state.below) : conclude(state, { type: 'unlinked-meanwhile' });
    case 'checked':
      return checked(state, event);
    case 'stopped':
      return conclude(state, event.outcome);
    default:
      return event satisfies never;
  }
}

function load(state: AttemptState, below: number | undefined): AttemptStep {
  return step({ ...state, phase: 'loading', below }, { type: 'load', below });
}

function loaded(state: AttemptState, { opened }: Of<'loaded'>): AttemptStep {
  return step(
    { ...state, phase: 'running', opened },
    !opened && { type: 'begin-link' },
    apply({ type: 'start', resuming: opened !== undefined }),
    { type: 'run' },
  );
}

function ended(state: AttemptState, { outcome, wasStable, isWatched }: Of<'ended'>): AttemptStep {
  if (outcome.type === 'died') return died({ ...state, deaths: wasStable ? 1 : state.deaths + 1 }, outcome);
  if (outcome.type !== 'unlinked-meanwhile' || !state.opened) return conclude(state, outcome);
  // Most likely the phone has unlinked the device; but it may be this checkpoint that WhatsApp doesn't understand.
  const { generation } = state.opened;
  const message = 'WhatsApp does not know the session of a checkpoint';
  const log: AttemptEffect = { type: 'log', message, fields: { checkpoint: generation } };
  if (isWatched) {
    const anew = load(state, undefined);
    return { ...anew, effects: [log, { type: 'begin-link' }, ...anew.effects] };
  }
  return step({ ...state, phase: 'looking-below', below: generation }, log, { type: 'look-below', below: generation });
}

function died(state: AttemptState, death: Death): AttemptStep {
  const { cause, detail } = death;
  return step(
    { ...state, phase: 'deciding', below: undefined, death },
    { type: 'count', metric: 'SessionDeaths' },
    { type: 'log', message: 'The session died', fields: { cause, detail, deaths: state.deaths } },
    { type: 'look-for-checkpoints', wasOpened: state.opened !== undefined },
  );
}

function checked(state: AttemptState, { linked, random, date }: Of<'checked'>): AttemptStep {
  const { death, deaths } = state;
  if (!death) return step(state);
  const { cause } = death;
  const decision = decideRestart({ cause, count: deaths, linked }, random);
  if (!decision.again) {
    const incompatible = 'missing' in death ? death.missing : undefined;
    return step({ ...state, phase: 'over' }, apply({ type: 'gave-up', failure: decision.failure, incompatible }));
  }
  const isUnreachable = cause === 'unreachable';
  return step(
    { ...state, phase: 'pausing' },
    isUnreachable && { type: 'count', metric: 'WhatsAppUnreachable' },
    apply({ type: 'interrupted' }),
    apply({ type: 'reach', unreachableSince: isUnreachable ? date : undefined }),
    { type: 'pause', ms: decision.delayMs },
  );
}

function conclude(before: AttemptState, outcome: End): AttemptStep {
  const state: AttemptState = { ...before, phase: 'over' };
  switch (outcome.type) {
    case 'logged-out':
      return step(state, { type: 'removed' }, { type: 'forget' }, apply(outcome));
    case 'unlinked-meanwhile':
      // A code proves nothing: damaged profiles show one too. What is kept is opened again at the next start, until a
      // new link has its first checkpoint.
      return step(state, apply({ type: 'gave-up', failure: 'session_unknown' }));
    case 'qr-idle':
      return step(state, apply({ type: 'qr-idle' }));
    case 'gave-up':
      return step(
        state,
        outcome.failure === 'host_outdated' && apply({ type: 'start', resuming: true }),
        apply(outcome),
      );
    case 'stop':
      return step(state, isSuspended(outcome) && apply({ type: 'interrupted' }));
    default:
      return outcome satisfies never;
  }
}

function isSuspended({ how }: Stop): boolean {
  return how === 'suspend';
}

function apply(event: LinkEvent): AttemptEffect {
  return { type: 'apply', event };
}

function step(state: AttemptState, ...effects: (AttemptEffect | false)[]): AttemptStep {
  return { state, effects: effects.filter((effect) => effect !== false) };
}
