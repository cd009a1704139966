import { metrics, type Log } from '@top-active/aws';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import type { Snapshot } from '../checkpoint/snapshot.ts';
import type { LinkEvent } from '../link/link-machine.ts';
import {
  freshAttempt,
  reduceAttempt,
  type AttemptEffect,
  type AttemptEvent,
  type AttemptState,
} from './attempt-machine.ts';
import type { BackOff } from './back-off.ts';
import { runBrowser } from './browser-run.ts';
import type { BrowserRunDeps, Stop } from './browser-run-deps.ts';
import { hasCheckpoints, restoreSession } from './restore-session.ts';

export interface AttemptDeps {
  run: BrowserRunDeps;
  checkpoints: CheckpointStore;
  backOff: BackOff;
  apply: (event: LinkEvent) => void;
  /** The owner wants to link, and looks. */
  isWatched: () => boolean;
  /** An account is linked, as far as the status tells. */
  isLinked: () => boolean;
  onBrowser: () => void;
  /** Whether the phone has the device no more. */
  onRemoved: (isRemoved: boolean) => void;
  forget: () => Promise<void>;
  log: Log;
  /** Ends retries when the host is in a hurry. */
  signal: AbortSignal;
}

/** Runs browser after browser until the attempt is over, or `stopped`. What follows from what: attempt-machine.ts. */
export async function runAttempt(stopped: Promise<Stop>, deps: AttemptDeps): Promise<void> {
  let state: AttemptState = freshAttempt;
  let snapshot: Snapshot | undefined;
  let event: AttemptEvent | undefined = { type: 'begin' };
  while (event) {
    const next = reduceAttempt(state, event);
    ({ state } = next);
    event = undefined;
    for (const effect of next.effects) event = (await carryOut(effect)) ?? event;
  }

  async function carryOut(effect: AttemptEffect): Promise<AttemptEvent | undefined> {
    switch (effect.type) {
      case 'load':
        return load(effect.below);
      case 'run':
        return run();
      case 'look-below':
        return { type: 'looked-below', found: 'snapshot' in (await restore(effect.below)) };
      case 'look-for-checkpoints': {
        const linked = await hasCheckpoints(deps, effect.wasOpened || deps.isLinked());
        return { type: 'checked', linked, random: Math.random(), date: new Date().toISOString() };
      }
      case 'pause':
        return pause(effect.ms);
      case 'begin-link':
        deps.checkpoints.beginLink();
        return undefined;
      case 'removed':
        deps.onRemoved(true);
        return undefined;
      case 'forget':
        await deps.forget();
        return undefined;
      case 'apply':
        deps.apply(effect.event);
        return undefined;
      case 'count':
        metrics.emit(effect.metric);
        return undefined;
      case 'log':
        deps.log.warn(effect.message, effect.fields);
        return undefined;
      default:
        return effect satisfies never;
    }
  }

  function restore(below: number | undefined): ReturnType<typeof restoreSession> {
    const { checkpoints, log, signal } = deps;
    return restoreSession({ checkpoints, below, log, signal });
  }

  async function load(below: number | undefined): Promise<AttemptEvent> {
    const loaded = await Promise.race([restore(below), stopped]);
    if ('type' in loaded) return { type: 'stopped', outcome: loaded };
    ({ snapshot } = loaded);
    return { type: 'loaded', opened: snapshot && { generation: loaded.generation } };
  }

  async function run(): Promise<AttemptEvent> {
    deps.onBrowser();
    const { outcome, wasStable, loggedOut } = await runBrowser({ snapshot, stopped }, deps.run);
    deps.onRemoved(loggedOut);
    return { type: 'ended', outcome, wasStable, isWatched: deps.isWatched() };
  }

  async function pause(ms: number): Promise<AttemptEvent> {
    const stop = await Promise.race([stopped, deps.backOff.wait(ms)]);
    deps.backOff.cutShort();
    return stop ? { type: 'stopped', outcome: stop } : { type: 'paused' };
  }
}
