import { setTimeout as delay } from 'node:timers/promises';
import type { Log, Tenant } from '@top-active/aws';
import type { LiveProfiles } from '../browser/live-profiles.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { createCheckpointer, type Checkpointer } from '../checkpoint/checkpointer.ts';
import type { Engine, EngineEvent, EngineSession } from '../engine/engine.ts';
import type { Inbound } from '../inbound/inbound.ts';
import { reduceLink, type LinkEvent, type LinkFailure, type LinkStatus } from '../link/link-machine.ts';
import { createStatusWriter, type StatusWriter } from '../link/status-writer.ts';
import { decideRestart } from './restart-policy.ts';
import type { StartGate } from './start-gate.ts';

export interface SessionLimits {
  checkpointIntervalMs: number;
  noteCheckpointIntervalMs: number;
  /** WhatsApp shows its first QR code longer than the following ones. It doesn't tell how long: these are what it has been seen to do. */
  firstQrMs: number;
  nextQrMs: number;
  /** Codes are shown for so long at most, since a browser runs meanwhile. */
  linkingMs: number;
  /** Ready for so long: earlier deaths are forgiven. */
  stableAfterMs: number;
  catchUpRetryMs: number;
}

export interface UserSessionOptions {
  tenant: Tenant;
  engine: Engine;
  inbound: Inbound;
  checkpoints: CheckpointStore;
  profiles: LiveProfiles;
  gate: StartGate;
  limits: SessionLimits;
  chromiumVersion: string;
  log: Log;
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
  readonly checkpointAt: Date | undefined;
  readonly isRunning: boolean;
  /** Runs an attempt in the background. `interactive`: the owner is looking and can scan a code. Must not be running. */
  start(attempt: { generation: number; interactive: boolean; status: LinkStatus }): void;
  /** Ends the attempt so that it can be taken up again, here or elsewhere: browser closed, checkpoint saved. */
  stop(): Promise<void>;
  /** Writes that this attempt can't be served. Must not be running. */
  refuse(generation: number): Promise<void>;
  /** Unlinks the device and forgets the session. Also when not running. */
  unlink(generation: number): Promise<void>;
}

interface Stop {
  type: 'stop';
  how: 'suspend' | 'unlink' | 'abandon';
}

type Outcome =
  | Extract<EngineEvent, { type: 'died' | 'logged-out' | 'qr-idle' }>
  /** WhatsApp wants a QR code for a session that was linked. */
  | { type: 'unlinked-meanwhile' }
  | Stop;

/** One user's WhatsApp session through all its browsers: started, watched, saved, taken up again after a death, ended. */
export function createUserSession(options: UserSessionOptions): UserSession {
  const { tenant, engine, inbound, checkpoints, profiles, gate, limits, log, signal } = options;
  let status: LinkStatus = { state: 'unlinked' };
  let generation: number | undefined;
  let writer: StatusWriter | undefined;
  let running: Promise<void> | undefined;
  let live: EngineSession | undefined;
  let isReady = false;
  let checkpointAt: Date | undefined;
  let notedAt = -Infinity;
  let requestStop: (how: Stop['how']) => void = () => {};

  function apply(event: LinkEvent): void {
    const next = reduceLink(status, event);
    if (next === status) return;
    if (next.state !== status.state) log.info('Link state changed', { from: status.state, to: next.state });
    status = next;
    writer?.write(next);
  }

  function openWriter(ofGeneration: number): void {
    generation = ofGeneration;
    writer = createStatusWriter({
      whatsapp: tenant.whatsapp,
      generation: ofGeneration,
      log,
      signal,
      onSuperseded: () => {
        if (generation === ofGeneration) requestStop('abandon');
      },
    });
  }

  async function runAttempt(attempt: { interactive: boolean }, stopped: Promise<Stop>): Promise<void> {
    let deaths = 0;
    for (;;) {
      const snapshot = await checkpoints.loadNewest();
      const linked = snapshot !== undefined;
      apply({ type: 'start', resuming: linked });
      const { outcome, wasStable } = await runBrowser({ snapshot, interactive: attempt.interactive, stopped });
      if (outcome.type !== 'died') {
        await conclude(outcome);
        return;
      }
      deaths = wasStable ? 1 : deaths + 1;
      log.warn('The session died', { cause: outcome.cause, detail: outcome.detail, deaths });
      const decision = decideRestart(
        { cause: outcome.cause, count: deaths, linked: await checkpoints.exists() },
        Math.random(),
      );
      if (!decision.again) {
        apply({ type: 'gave-up', failure: decision.failure });
        return;
      }
      apply({ type: 'interrupted' });
      const waited = new AbortController();
      const stop = await Promise.race([
        stopped,
        delay(decision.delayMs, undefined, { signal: waited.signal, ref: false }),
      ]);
      waited.abort();
      if (stop) {
        await conclude(stop);
        return;
      }
    }
  }

  async function conclude(outcome: Exclude<Outcome, { type: 'died' }>): Promise<void> {
    switch (outcome.type) {
      case 'logged-out':
      case 'unlinked-meanwhile':
        await checkpoints.clear();
        checkpointAt = undefined;
        apply({ type: 'logged-out' });
        break;
      case 'qr-idle':
        apply({ type: 'qr-idle' });
        break;
      case 'stop':
        if (outcome.how === 'suspend') apply({ type: 'interrupted' });
        break;
      default:
        outcome satisfies never;
    }
  }

  /** From the start of one browser to its end, however it ends; its profile is saved if it is worth it, and deleted. */
  async function runBrowser({
    snapshot,
    interactive,
    stopped,
  }: {
    snapshot: Awaited<ReturnType<CheckpointStore['loadNewest']>>;
    interactive: boolean;
    stopped: Promise<Stop>;
  }): Promise<{ outcome: Outcome; wasStable: boolean }> {
    let resolve: (outcome: Outcome) => void = () => {};
    const ended = new Promise<Outcome>((settle) => (resolve = settle));
    const entering = gate.enter();
    const entry = await Promise.race([entering, stopped]);
    if ('type' in entry) {
      void entering.then(({ leave }) => leave());
      return { outcome: entry, wasStable: false };
    }
    const profileDir = await profiles.create(snapshot);
    const browser = createBrowserRun({ interactive: interactive || !snapshot, end: resolve, passGate: entry.leave });
    const session = engine.start({
      profileDir,
      localStorage: snapshot?.localStorage,
      onEvent: (event) => browser.handle(event),
    });
    live = session;
    const checkpointer = createCheckpointer({
      store: checkpoints,
      profileDir,
      chromiumVersion: options.chromiumVersion,
      readLocalStorage: () => session.readLocalStorage(),
      localStorage: snapshot?.localStorage,
      minIntervalMs: limits.checkpointIntervalMs,
      log,
      onSaved: noteCheckpoint,
    });
    browser.attach(session, checkpointer);
    const outcome = await Promise.race([ended, stopped]);
    entry.leave();
    await endBrowser({ session, checkpointer, outcome, worthSaving: browser.wasReady });
    browser.close();
    live = undefined;
    await profiles.remove(profileDir);
    return { outcome, wasStable: browser.wasStable };
  }

  async function endBrowser({
    session,
    checkpointer,
    outcome,
    worthSaving,
  }: {
    session: EngineSession;
    checkpointer: Checkpointer;
    outcome: Outcome;
    worthSaving: boolean;
  }): Promise<void> {
    isReady = false;
    inbound.pause();
    if (outcome.type === 'stop' && outcome.how === 'unlink') {
      await checkpointer.close();
      await session.logout().catch((error: unknown) => log.warn('Logging out failed', {}, error));
      return;
    }
    const isSuspended = outcome.type === 'stop' && outcome.how === 'suspend';
    if (isSuspended && worthSaving) await checkpointer.readPage();
    await session.stop();
    if (worthSaving && (isSuspended || outcome.type === 'died')) await checkpointer.saveFinal();
    else await checkpointer.close();
  }

  function createBrowserRun({
    interactive,
    end,
    passGate,
  }: {
    interactive: boolean;
    end: (outcome: Outcome) => void;
    passGate: () => void;
  }) {
    let session: EngineSession | undefined;
    let checkpointer: Checkpointer | undefined;
    let codes = 0;
    let linking: NodeJS.Timeout | undefined;
    let catchUpTimer: NodeJS.Timeout | undefined;
    let readySince: number | undefined;
    let closed = false;
    // WhatsApp changes its state without telling of messages too.
    const regularly = setInterval(() => {
      if (isReady) checkpointer?.request();
    }, limits.noteCheckpointIntervalMs);
    const run = {
      wasReady: false,
      get wasStable() {
        return readySince !== undefined && performance.now() - readySince > limits.stableAfterMs;
      },
      attach(engineSession: EngineSession, ofSession: Checkpointer) {
        session = engineSession;
        checkpointer = ofSession;
      },
      close() {
        closed = true;
        clearTimeout(linking);
        clearTimeout(catchUpTimer);
        clearInterval(regularly);
      },
      handle,
    };
    return run;

    function handle(event: EngineEvent): void {
      switch (event.type) {
        case 'qr':
          passGate();
          if (interactive) showCode(event.code);
          else end({ type: 'unlinked-meanwhile' });
          break;
        case 'scanned':
          clearTimeout(linking);
          apply({ type: 'scanned' });
          break;
        case 'progress':
          apply(event);
          break;
        case 'ready':
          passGate();
          becomeReady(event.account);
          break;
        case 'disconnected':
          isReady = false;
          inbound.pause();
          log.info('Connection lost', { reason: event.reason });
          apply({ type: 'interrupted' });
          break;
        case 'message':
        case 'delivery':
        case 'edit':
        case 'revoke':
        case 'unread':
          if (session) inbound.handle(event, session);
          checkpointer?.request();
          break;
        case 'qr-idle':
        case 'logged-out':
        case 'died':
          end(event);
          break;
        default:
          event satisfies never;
      }
    }

    function showCode(code: string): void {
      codes++;
      linking ??= setTimeout(() => end({ type: 'qr-idle' }), limits.linkingMs);
      const lifetime = codes === 1 ? limits.firstQrMs : limits.nextQrMs;
      apply({ type: 'qr', code, expiresAt: new Date(Date.now() + lifetime).toISOString() });
    }

    function becomeReady(account: Extract<EngineEvent, { type: 'ready' }>['account']): void {
      clearTimeout(linking);
      run.wasReady = true;
      readySince ??= performance.now();
      isReady = true;
      // From now on a QR code would mean that the phone has unlinked the device.
      interactive = false;
      catchUp();
      apply({ type: 'ready', account });
      checkpointer?.request();
      options.onReady();
    }

    function catchUp(): void {
      clearTimeout(catchUpTimer);
      if (!session || closed || !isReady) return;
      inbound
        .catchUp(session)
        .then(() => checkpointer?.request())
        .catch((error: unknown) => {
          log.warn('Catching up failed, tried again', {}, error);
          clearTimeout(catchUpTimer);
          if (!closed) catchUpTimer = setTimeout(catchUp, limits.catchUpRetryMs);
        });
    }
  }

  /** What is noted is that everything until then is stored, so it waits for messages that aren't yet. */
  function noteCheckpoint(takenAt: Date): void {
    checkpointAt = takenAt;
    const caughtUpAt = inbound.caughtUpAt();
    if (!caughtUpAt || caughtUpAt < takenAt || generation === undefined) return;
    if (performance.now() - notedAt < limits.noteCheckpointIntervalMs) return;
    notedAt = performance.now();
    tenant.whatsapp
      .noteCheckpoint(generation, takenAt.toISOString())
      .catch((error: unknown) => log.warn('The time of the checkpoint was not noted', {}, error));
  }

  async function end(how: Stop['how']): Promise<void> {
    requestStop(how);
    await running;
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
    get checkpointAt() {
      return checkpointAt;
    },
    get isRunning() {
      return running !== undefined;
    },
    start(attempt) {
      if (running) throw new Error('The session is running');
      status = attempt.status;
      openWriter(attempt.generation);
      const stopped = new Promise<Stop>((resolve) => {
        requestStop = (how) => resolve({ type: 'stop', how });
      });
      running = runAttempt(attempt, stopped)
        .catch((error: unknown) => {
          log.error('The session ended by a fault of the host', {}, error);
          apply({ type: 'gave-up', failure: 'unknown' satisfies LinkFailure });
        })
        .then(async () => {
          isReady = false;
          requestStop = () => {};
          await writer?.settled();
          running = undefined;
          options.onEnded();
        });
    },
    stop: () => end('suspend'),
    async refuse(ofGeneration) {
      openWriter(ofGeneration);
      status = { state: 'starting' };
      apply({ type: 'gave-up', failure: 'refused' });
      await writer?.settled();
    },
    async unlink(ofGeneration) {
      await end('unlink');
      await checkpoints.clear();
      checkpointAt = undefined;
      openWriter(ofGeneration);
      apply({ type: 'stopped' });
      await writer?.settled();
    },
  };
}
