import { metrics } from '@top-active/aws';
import type { Checkpointer } from '../checkpoint/checkpointer.ts';
import type { EngineEvent, EngineSession } from '../engine/engine.ts';
import type { BrowserRunDeps, Outcome } from './browser-run-deps.ts';
import { createTimers } from './named-timers.ts';
import { reduceWatch } from './watch-machine.ts';
import {
  freshWatch,
  isWorthSaving,
  wasStable,
  type Timer,
  type WatchContext,
  type WatchEffect,
  type WatchEvent,
} from './watch-state.ts';

export interface SessionWatch {
  handle(event: EngineEvent): void;
  /** What runs, once it does. */
  attach(running: Running): void;
  isWorthSaving(): boolean;
  wasStable(): boolean;
  close(): void;
}

interface Running {
  session: EngineSession;
  checkpointer: Checkpointer;
}

/**
 * Turns what the engine tells of one session into link states, stored messages and checkpoints. What follows from what
 * is for the machine to say (watch-machine.ts); here its events come in and its effects are carried out.
 */
export function watchSession({
  deps,
  isRestored,
  end,
  passGate,
}: {
  deps: BrowserRunDeps;
  /** From a checkpoint: a code isn't shown to anybody, since another link begins in an empty profile. */
  isRestored: boolean;
  end: (outcome: Outcome) => void;
  passGate: () => void;
}): SessionWatch {
  const { inbound, limits, log, pairing, reception, selfTest, apply, onUse } = deps;
  let state = freshWatch({ isRestored, at: performance.now() });
  let running: Running | undefined;
  const timers = createTimers<Timer>();
  const endReception = reception.begin();
  const regularly = setInterval(() => dispatch({ type: 'save-due' }), limits.noteCheckpointIntervalMs);

  function dispatch(event: WatchEvent): void {
    const next = reduceWatch(state, event, context());
    state = next.state;
    for (const effect of next.effects) carryOut(effect);
  }

  function context(): WatchContext {
    return { limits, at: performance.now(), date: new Date().toISOString(), isPairing: pairing.isWanted };
  }

  function carryOut(effect: WatchEffect): void {
    switch (effect.type) {
      case 'apply':
        return apply(effect.event);
      case 'end':
        return end(effect.outcome);
      case 'pass-gate':
        return passGate();
      case 'offer-code':
        return offerCode(effect);
      case 'pairing-done':
        return pairing.done();
      case 'use':
        return onUse({ session: running?.session, isReady: effect.isReady });
      case 'save':
        return running?.checkpointer.request();
      case 'note-build':
        void deps.pageBuilds.note(effect.report);
        return reception.onBuild(effect.report.build);
      case 'reception':
        return effect.event.type === 'missed'
          ? reception.onMissed(effect.event)
          : reception.onReception(effect.event.state);
      case 'begin-anew':
        return reception.mayRestart() ? end(effect.outcome) : undefined;
      case 'set-timer':
        return timers.set(effect.timer, { ms: effect.ms, onTime: () => dispatch(effect.event) });
      case 'clear-timer':
        return timers.clear(effect.timer);
      case 'count':
        return metrics.emit(effect.metric, effect.value);
      case 'log':
        return effect.level === 'info'
          ? log.info(effect.message, effect.fields)
          : log[effect.level](effect.message, effect.fields, effect.error);
      case 'begin-link':
        return inbound.beginLink();
      case 'pause-inbound':
        return inbound.pause();
      case 'store':
      case 'catch-up':
      case 'self-test':
        return running && inSession(running.session, effect);
      default:
        return effect satisfies never;
    }
  }

  function inSession(
    session: EngineSession,
    effect: Extract<WatchEffect, { type: 'store' | 'catch-up' | 'self-test' }>,
  ): void {
    if (effect.type === 'store') inbound.handle(effect.event, session);
    else if (effect.type === 'self-test') selfTest?.onBuild(effect.build, { engine: session, account: effect.account });
    else
      inbound
        .catchUp(session)
        .then(() => dispatch({ type: 'caught-up' }))
        .catch((error: unknown) => dispatch({ type: 'catch-up-failed', error }));
  }

  function offerCode({ code, lifetimeMs }: Extract<WatchEffect, { type: 'offer-code' }>): void {
    if (running && pairing.offer(running.session, () => dispatch({ type: 'code-asked' }))) return;
    apply({ type: 'qr', code, expiresAt: new Date(Date.now() + lifetimeMs).toISOString() });
  }

  return {
    handle(event) {
      const pid = running?.session.pid;
      if (pid !== undefined && !state.isProcessKnown) dispatch({ type: 'process', pid });
      selfTest?.hear(event);
      dispatch(event);
    },
    attach(attached) {
      running = attached;
      onUse({ session: attached.session, isReady: state.isReady });
    },
    isWorthSaving: () => isWorthSaving(state),
    wasStable: () => wasStable(state, { limits, at: performance.now() }),
    close() {
      clearInterval(regularly);
      endReception();
      pairing.detach();
      selfTest?.cancel();
      dispatch({ type: 'close' });
    },
  };
}
