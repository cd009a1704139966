import { setTimeout as delay } from 'node:timers/promises';
import { FencedError, metrics, type WhatsAppStore } from '@top-active/aws';
import type { PasskeyAnswer } from '@top-active/core/contracts';
import type { EngineSession } from '../engine/engine.ts';
import { untilStored } from '../inbound/until-stored.ts';
import { isOnPhone, reduceLink, type LinkEvent, type LinkStatus } from '../link/link-machine.ts';
import { createStatusWriter, type StatusWriter } from '../link/status-writer.ts';
import { createBackOff } from './back-off.ts';
import type { BuildTroubles } from './build-troubles.ts';
import { runBrowser, type BrowserRunDeps, type Outcome, type Stop } from './browser-run.ts';
import { createCheckpointNote } from './note-checkpoint.ts';
import { createPairingByCode } from './pairing-by-code.ts';
import { decideRestart } from './restart-policy.ts';
import { hasCheckpoints, restoreSession } from './restore-session.ts';
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
  /** A fault of the host has ended it, a while ago: nobody else will take it up again. */
  readonly wantsAnotherTry: boolean;
  /** Runs an attempt in the background. `interactive`: the owner looks, and is shown a code where the newest checkpoint is of no use. Must not be running. */
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

/** One user's WhatsApp session through all its browsers: started, watched, saved, taken up again after a death, ended. */
export function createUserSession(options: UserSessionOptions): UserSession {
  const { whatsapp, inbound, checkpoints, limits, log, signal, onReady } = options;
  let status: LinkStatus = { state: 'unlinked' };
  let generation: number | undefined;
  let writer: StatusWriter | undefined;
  let running: Promise<void> | undefined;
  let requestStop: ((how: Stop['how']) => void) | undefined;
  let live: EngineSession | undefined;
  let isReady = false;
  let browserSince: number | undefined;
  let checkpointAt: Date | undefined;
  /** The owner wants to link, and looks. */
  let isWatched = false;
  /** The phone has the device no more. */
  let isRemoved = false;
  const backOff = createBackOff();
  /** When a fault of the host ended it. */
  let faultAt: number | undefined;
  const note = createCheckpointNote({ whatsapp, inbound, everyMs: limits.noteCheckpointIntervalMs, log });
  const reception = createReceptionWatch({
    troubles: options.troubles,
    restartEveryMs: limits.restartSilentMs,
    show: (state) => apply({ type: 'health', found: { type: 'reception', state }, at: new Date().toISOString() }),
    log,
  });
  const pairing = createPairingByCode({ apply, codeMs: limits.pairingCodeMs, log });

  function apply(event: LinkEvent): void {
    const next = reduceLink(status, event);
    if (next === status) return;
    if (next.state !== status.state) log.info('Link state changed', { from: status.state, to: next.state });
    status = next;
    writer?.write(next);
  }

  /** Nothing has happened on the phone yet. */
  function canPair(): boolean {
    return status.state === 'starting' || status.state === 'qr' || status.state === 'code';
  }

  function openWriter(ofGeneration: number): void {
    generation = ofGeneration;
    const onSuperseded = () => {
      if (generation === ofGeneration) requestStop?.('abandon');
    };
    writer = createStatusWriter({ whatsapp, generation: ofGeneration, log, signal, onSuperseded });
  }

  async function runAttempt(stopped: Promise<Stop>): Promise<void> {
    let deaths = 0;
    let below: number | undefined;
    for (;;) {
      const loaded = await Promise.race([load(below), stopped]);
      if ('type' in loaded) return conclude(loaded);
      const { snapshot } = loaded;
      if (!snapshot) checkpoints.beginLink();
      apply({ type: 'start', resuming: snapshot !== undefined });
      browserSince = performance.now();
      const run = await runBrowser({ snapshot, stopped }, { ...options, pairing, reception, apply, onSaved, onUse });
      isRemoved = run.loggedOut;
      if (run.outcome.type === 'unlinked-meanwhile' && snapshot) {
        // Most likely the phone has unlinked the device; but it may be this checkpoint that WhatsApp doesn't understand.
        log.warn('WhatsApp does not know the session of a checkpoint', { checkpoint: loaded.generation });
        if (isWatched) checkpoints.beginLink();
        below = isWatched ? undefined : loaded.generation;
        if (isWatched || 'snapshot' in (await load(below))) continue;
      }
      if (run.outcome.type !== 'died') return conclude(run.outcome);
      below = undefined;
      deaths = run.wasStable ? 1 : deaths + 1;
      const { cause, detail } = run.outcome;
      const incompatible = 'missing' in run.outcome ? run.outcome.missing : undefined;
      metrics.emit('SessionDeaths');
      log.warn('The session died', { cause, detail, deaths });
      const linked = await hasCheckpoints(options, snapshot !== undefined || status.account !== undefined);
      const decision = decideRestart({ cause, count: deaths, linked }, Math.random());
      if (!decision.again) return apply({ type: 'gave-up', failure: decision.failure, incompatible });
      if (cause === 'unreachable') metrics.emit('WhatsAppUnreachable');
      apply({ type: 'interrupted' });
      apply({ type: 'reach', unreachableSince: cause === 'unreachable' ? new Date().toISOString() : undefined });
      const stop = await Promise.race([stopped, backOff.wait(decision.delayMs)]);
      backOff.cutShort();
      if (stop) return conclude(stop);
    }
  }

  const load = (below: number | undefined) => restoreSession({ checkpoints, below, log, signal });

  async function forget(): Promise<void> {
    await untilStored(() => checkpoints.clear(), { what: 'forgetting checkpoints', log, signal });
    checkpointAt = undefined;
  }

  async function conclude(outcome: Exclude<Outcome, { type: 'died' }>): Promise<void> {
    switch (outcome.type) {
      case 'logged-out':
        isRemoved = true;
        await forget();
        apply(outcome);
        break;
      case 'unlinked-meanwhile':
        // A code proves nothing: damaged profiles show one too. What is kept is opened again at the next start, until a new link has its first checkpoint.
        apply({ type: 'gave-up', failure: 'session_unknown' });
        break;
      case 'qr-idle':
        apply({ type: 'qr-idle' });
        break;
      case 'gave-up':
        if (outcome.failure === 'host_outdated') apply({ type: 'start', resuming: true });
        apply(outcome);
        break;
      case 'stop':
        if (outcome.how === 'suspend') apply({ type: 'interrupted' });
        break;
      default:
        outcome satisfies never;
    }
  }

  function onUse(use: { session: EngineSession | undefined; isReady: boolean }): void {
    const becameReady = use.isReady && !isReady;
    live = use.session;
    isReady = use.isReady;
    if (!becameReady) return;
    isWatched = false;
    onReady();
  }

  function onSaved(takenAt: Date): void {
    checkpointAt = takenAt;
    if (generation !== undefined) note(generation, takenAt);
  }

  async function end(how: Stop['how']): Promise<void> {
    requestStop?.(how);
    await running;
  }

  function start(attempt: { generation: number; interactive: boolean; status: LinkStatus }): void {
    if (running) throw new Error('The session is running');
    status = attempt.status;
    faultAt = undefined;
    isRemoved = false;
    // Also in an attempt that another life of the host began.
    isWatched = attempt.interactive || canPair();
    openWriter(attempt.generation);
    pairing.reset();
    if (status.state === 'code' && status.pairing) pairing.want(status.pairing.phone);
    const stop = Promise.withResolvers<Stop>();
    requestStop = (how) => stop.resolve({ type: 'stop', how });
    running = run(stop.promise);
  }

  async function run(stopped: Promise<Stop>): Promise<void> {
    try {
      await runAttempt(stopped);
    } catch (error) {
      log.error('The session ended by a fault of the host', {}, error);
      metrics.emit('SessionDeaths');
      if (!signal.aborted && !(error instanceof FencedError)) faultAt = performance.now();
      apply(signal.aborted ? { type: 'interrupted' } : { type: 'gave-up', failure: 'unknown' });
    }
    checkpoints.endAttempt();
    requestStop = undefined;
    await writer?.settled();
    running = undefined;
    options.onEnded();
  }

  /** WhatsApp learns of the end only from a session that is connected. One that can't come up is forgotten all the same. */
  async function comeUpToUnlink(ofGeneration: number): Promise<void> {
    if (running ? !isOnPhone(status) : !(await hasCheckpoints(options, false))) return;
    if (!running) start({ generation: ofGeneration, interactive: false, status: { state: 'unlinked' } });
    backOff.cutShort();
    const deadline = performance.now() + limits.comeUpToUnlinkMs;
    const isComing = () => running !== undefined && !isReady;
    while (isComing() && performance.now() < deadline) await delay(50);
  }

  return {
    get generation() {
      return generation;
    },
    get status() {
      return status;
    },
    get engine() {
      return isReady ? live : undefined;
    },
    get browserPid() {
      return live?.pid;
    },
    get browserSince() {
      return browserSince;
    },
    get checkpointAt() {
      return checkpointAt;
    },
    get isRunning() {
      return running !== undefined;
    },
    get wantsAnotherTry() {
      return faultAt !== undefined && performance.now() - faultAt >= limits.afterFaultMs;
    },
    start,
    stop: () => end('suspend'),
    abandon: () => end('abandon'),
    async pause() {
      const ofGeneration = generation;
      await end('suspend');
      if (ofGeneration === undefined || running) return;
      openWriter(ofGeneration);
      apply({ type: 'gave-up', failure: 'idle' });
      await writer?.settled();
    },
    async refuse(ofGeneration) {
      metrics.emit('SessionsRefused');
      openWriter(ofGeneration);
      status = { state: 'starting' };
      apply({ type: 'gave-up', failure: 'host_busy' });
      await writer?.settled();
    },
    answerPasskey: async (requestId, answer) => (await live?.answerPasskey(requestId, answer)) ?? false,
    answerComparison: async (code, matches) => (await live?.compareCode(code, matches)) ?? false,
    pairByCode(phone) {
      if (!running || !canPair()) return false;
      pairing.want(phone);
      return true;
    },
    pairByQr() {
      if (!running || !canPair()) return false;
      pairing.leave();
      return true;
    },
    async unlink(ofGeneration) {
      await comeUpToUnlink(ofGeneration);
      const mayRemain = running !== undefined && isOnPhone(status);
      await end('unlink');
      const remainsOnPhone = ((await hasCheckpoints(options, true)) || mayRemain) && !isRemoved;
      if (remainsOnPhone) log.warn('WhatsApp could not be told that the device is unlinked');
      await forget();
      openWriter(ofGeneration);
      // Written in any case: what is stored may be older than what is known here.
      status = reduceLink(status, { type: 'stopped', remainsOnPhone });
      writer?.write(status);
      await writer?.settled();
    },
  };
}
