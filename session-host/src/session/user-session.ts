import { setTimeout as delay } from 'node:timers/promises';
import { FencedError, metrics, type WhatsAppStore } from '@top-active/aws';
import type { PasskeyAnswer } from '@top-active/core/contracts';
import type { EngineSession } from '../engine/engine.ts';
import { untilStored } from '../inbound/until-stored.ts';
import { isOnPhone, type LinkEvent, type LinkStatus } from '../link/link-machine.ts';
import { createStatusWriter, type StatusWriter } from '../link/status-writer.ts';
import { createBackOff } from './back-off.ts';
import type { BuildTroubles } from './build-troubles.ts';
import type { BrowserRunDeps, Stop } from './browser-run-deps.ts';
import { createCheckpointNote } from './note-checkpoint.ts';
import { createPairingByCode } from './pairing-by-code.ts';
import { hasCheckpoints } from './restore-session.ts';
import { runAttempt, type AttemptDeps } from './run-attempt.ts';
import { canPair, freshUserSession, reduceUserSession, type Use, type UserSessionEvent } from './user-session-state.ts';
import { createReceptionWatch } from './watch-reception.ts';

export interface UserSessionOptions extends Omit<
  BrowserRunDeps,
  'apply' | 'onSaved' | 'onUse' | 'pairing' | 'reception'
> {
  troubles: BuildTroubles;
  whatsapp: Pick<WhatsAppStore, 'update' | 'noteCheckpoint'>;
  /** Ends retries when the host is in a hurry. */
  signal: AbortSignal;
  onReady: () => void;
  /** The session has ended for good, by whatever cause. */
  onEnded: () => void;
}

export interface UserSession {
  readonly generation: number | undefined;
  readonly status: LinkStatus;
  /** The engine, while messages can be sent. */
  readonly engine: EngineSession | undefined;
  readonly browserPid: number | undefined;
  /** When the newest browser was begun, by `performance.now()`. */
  readonly browserSince: number | undefined;
  readonly checkpointAt: Date | undefined;
  readonly isRunning: boolean;
  /** A fault of the host has ended it: it is taken up again here after a while. */
  readonly isToBeTriedAgain: boolean;
  /** That while is over. */
  readonly wantsAnotherTry: boolean;
  /**
   * Runs an attempt in the background. `interactive`: the owner looks, and is shown a code where the newest checkpoint
   * is of no use. Must not be running.
   */
  start(attempt: { generation: number; interactive: boolean; status: LinkStatus }): void;
  /** Ends the attempt so that it can be taken up again, here or elsewhere: browser closed, checkpoint saved. */
  stop(): Promise<void>;
  /** Ends the attempt at once: another host has the user. Nothing is saved. */
  abandon(): Promise<void>;
  /** Ends a session that nobody uses, in order: its owner brings it back, without a code. */
  pause(): Promise<void>;
  /** Writes that this attempt can't be served, for want of room. Must not be running. */
  refuse(generation: number): Promise<void>;
  /** Gives WhatsApp the owner's answer. False when it waits for none, or for another one. */
  answerPasskey(requestId: string, answer: PasskeyAnswer): Promise<boolean>;
  /** Whether the phone shows the code that WhatsApp's page shows. False when it isn't shown. */
  answerComparison(code: string, matches: boolean): Promise<boolean>;
  /** Links by a code to type on the phone with this number. False when nothing is being linked. */
  pairByCode(phone: string): boolean;
  /** Links by QR code again. False when nothing is being linked. */
  pairByQr(): boolean;
  /** Unlinks the device and forgets the session. Also when not running. */
  unlink(generation: number): Promise<void>;
}

/** What runs in the background. */
interface RunningAttempt {
  stop: (how: Stop['how']) => void;
  ended: Promise<void>;
}

/**
 * One user's WhatsApp session through all its browsers: started, watched, saved, taken up again after a death, ended.
 */
export function createUserSession(options: UserSessionOptions): UserSession {
  const { whatsapp, inbound, checkpoints, limits, log, signal, onReady } = options;
  let state = freshUserSession;
  let writer: StatusWriter | undefined;
  let attempt: RunningAttempt | undefined;
  const backOff = createBackOff();
  const note = createCheckpointNote({ whatsapp, inbound, everyMs: limits.noteCheckpointIntervalMs, log });
  const reception = createReceptionWatch({
    troubles: options.troubles,
    restartEveryMs: limits.restartSilentMs,
    show: (shown) =>
      apply({ type: 'health', found: { type: 'reception', state: shown }, at: new Date().toISOString() }),
    log,
  });
  const pairing = createPairingByCode({ apply, codeMs: limits.pairingCodeMs, log });
  const attemptDeps: AttemptDeps = {
    run: { ...options, pairing, reception, apply, onSaved, onUse },
    checkpoints,
    backOff,
    apply,
    isWatched: () => state.isWatched,
    isLinked: () => state.status.account !== undefined,
    onBrowser: () => take({ type: 'browser', at: performance.now() }),
    onRemoved: (isRemoved) => take({ type: 'removed', isRemoved }),
    forget,
    log,
    signal,
  };

  function take(event: UserSessionEvent): void {
    state = reduceUserSession(state, event);
  }

  function apply(event: LinkEvent): void {
    const { status: before } = state;
    take({ type: 'link', event });
    const { status } = state;
    if (status === before) return;
    if (status.state !== before.state) log.info('Link state changed', { from: before.state, to: status.state });
    writer?.write(status);
  }

  function openWriter(generation: number): void {
    take({ type: 'opened', generation });
    const onSuperseded = () => {
      if (state.generation === generation) attempt?.stop('abandon');
    };
    writer = createStatusWriter({ whatsapp, generation, log, signal, onSuperseded });
  }

  async function forget(): Promise<void> {
    await untilStored(() => checkpoints.clear(), { what: 'forgetting checkpoints', log, signal });
    take({ type: 'forgotten' });
  }

  function onUse(use: Use): void {
    const becameReady = use.isReady && !state.use.isReady;
    take({ type: 'use', ...use });
    if (becameReady) onReady();
  }

  function onSaved(takenAt: Date): void {
    take({ type: 'saved', takenAt });
    if (state.generation !== undefined) note(state.generation, takenAt);
  }

  async function end(how: Stop['how']): Promise<void> {
    attempt?.stop(how);
    await attempt?.ended;
  }

  function start({ generation, interactive, status }: Parameters<UserSession['start']>[0]): void {
    if (attempt) throw new Error('The session is running');
    take({ type: 'start', interactive, status });
    openWriter(generation);
    pairing.reset();
    if (status.state === 'code' && status.pairing) pairing.want(status.pairing.phone);
    const stop = Promise.withResolvers<Stop>();
    const begun: RunningAttempt = {
      stop: (how) => stop.resolve({ type: 'stop', how }),
      ended: Promise.resolve(),
    };
    attempt = begun;
    begun.ended = run(stop.promise);
  }

  async function run(stopped: Promise<Stop>): Promise<void> {
    try {
      await runAttempt(stopped, attemptDeps);
    } catch (error) {
      log.error('The session ended by a fault of the host', {}, error);
      metrics.emit('SessionDeaths');
      if (!signal.aborted && !(error instanceof FencedError)) take({ type: 'fault', at: performance.now() });
      apply(signal.aborted ? { type: 'interrupted' } : { type: 'gave-up', failure: 'unknown' });
    }
    checkpoints.endAttempt();
    await writer?.settled();
    attempt = undefined;
    options.onEnded();
  }

  /**
   * WhatsApp learns of the end only from a session that is connected. One that can't come up is forgotten all the same.
   */
  async function comeUpToUnlink(generation: number): Promise<void> {
    if (attempt ? !isOnPhone(state.status) : !(await hasCheckpoints(options, false))) return;
    if (!attempt) start({ generation, interactive: false, status: { state: 'unlinked' } });
    backOff.cutShort();
    const deadline = performance.now() + limits.comeUpToUnlinkMs;
    const isComing = () => attempt !== undefined && !state.use.isReady;
    while (isComing() && performance.now() < deadline) await delay(50);
  }

  return {
    get generation() {
      return state.generation;
    },
    get status() {
      return state.status;
    },
    get engine() {
      return state.use.isReady ? state.use.session : undefined;
    },
    get browserPid() {
      return state.use.session?.pid;
    },
    get browserSince() {
      return state.browserSince;
    },
    get checkpointAt() {
      return state.checkpointAt;
    },
    get isRunning() {
      return attempt !== undefined;
    },
    get isToBeTriedAgain() {
      return state.faultAt !== undefined;
    },
    get wantsAnotherTry() {
      return state.faultAt !== undefined && performance.now() - state.faultAt >= limits.afterFaultMs;
    },
    start,
    stop: () => end('suspend'),
    abandon: () => end('abandon'),
    async pause() {
      const { generation } = state;
      await end('suspend');
      if (generation === undefined || attempt) return;
      openWriter(generation);
      apply({ type: 'gave-up', failure: 'idle' });
      await writer?.settled();
    },
    async refuse(generation) {
      metrics.emit('SessionsRefused');
      openWriter(generation);
      take({ type: 'refuse' });
      apply({ type: 'gave-up', failure: 'host_busy' });
      await writer?.settled();
    },
    answerPasskey: async (requestId, answer) => (await state.use.session?.answerPasskey(requestId, answer)) ?? false,
    answerComparison: async (code, matches) => (await state.use.session?.compareCode(code, matches)) ?? false,
    pairByCode(phone) {
      if (!attempt || !canPair(state.status)) return false;
      pairing.want(phone);
      return true;
    },
    pairByQr() {
      if (!attempt || !canPair(state.status)) return false;
      pairing.leave();
      return true;
    },
    async unlink(generation) {
      await comeUpToUnlink(generation);
      const mayRemain = attempt !== undefined && isOnPhone(state.status);
      await end('unlink');
      const remainsOnPhone = ((await hasCheckpoints(options, true)) || mayRemain) && !state.isRemoved;
      if (remainsOnPhone) log.warn('WhatsApp could not be told that the device is unlinked');
      await forget();
      openWriter(generation);
      // Written in any case: what is stored may be older than what is known here.
      take({ type: 'link', event: { type: 'stopped', remainsOnPhone } });
      writer?.write(state.status);
      await writer?.settled();
    },
  };
}
