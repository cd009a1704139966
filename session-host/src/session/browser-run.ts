import { metrics, type Log } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { createCheckpointer, type Checkpointer } from '../checkpoint/checkpointer.ts';
import type { Snapshot } from '../checkpoint/snapshot.ts';
import type { Account, Engine, EngineEvent, EngineSession } from '../engine/engine.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { LinkEvent } from '../link/link-machine.ts';
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
  /** For a session that only comes up to be unlinked at the phone. */
  comeUpToUnlinkMs: number;
}

export interface Stop {
  type: 'stop';
  /** To be taken up again · unlinked at the phone · left to another host or attempt. */
  how: 'suspend' | 'unlink' | 'abandon';
}

export type Outcome =
  | Extract<EngineEvent, { type: 'died' | 'logged-out' | 'qr-idle' }>
  /** WhatsApp wants a QR code for a session that was linked. */
  | { type: 'unlinked-meanwhile' }
  | Stop;

export interface BrowserRunDeps {
  engine: Engine;
  inbound: Inbound;
  checkpoints: CheckpointStore;
  homes: BrowserHomes;
  gate: StartGate;
  limits: SessionLimits;
  chromiumVersion: string;
  log: Log;
  apply: (event: LinkEvent) => void;
  onSaved: (takenAt: Date) => void;
  /** Whether the session can be used, whenever that changes. */
  onUse: (use: { session: EngineSession | undefined; isReady: boolean }) => void;
}

interface Run {
  snapshot: Snapshot | undefined;
  /** Somebody is there to scan a code. */
  interactive: boolean;
  stopped: Promise<Stop>;
}

/** From the start of one browser to its end, however it ends. Its profile is saved when it is worth it, and deleted. */
export async function runBrowser(
  { snapshot, interactive, stopped }: Run,
  deps: BrowserRunDeps,
): Promise<{ outcome: Outcome; wasStable: boolean }> {
  const { engine, homes, gate, limits, log } = deps;
  const entering = gate.enter();
  const entry = await Promise.race([entering, stopped]);
  if ('type' in entry) {
    void entering.then(({ leave }) => leave());
    return { outcome: entry, wasStable: false };
  }
  const ended = Promise.withResolvers<Outcome>();
  const home = await homes.open(snapshot?.files);
  try {
    // A session without checkpoint can only be linked by a code; nobody need be there at its first sight.
    const watch = watchSession({
      deps,
      interactive: interactive || !snapshot,
      isRestored: snapshot !== undefined,
      end: ended.resolve,
      passGate: entry.leave,
    });
    const session = engine.start({ home, localStorage: snapshot?.localStorage, onEvent: watch.handle });
    const checkpointer = createCheckpointer({
      store: deps.checkpoints,
      copySession: (known) => home.copySession(known),
      chromiumVersion: deps.chromiumVersion,
      readLocalStorage: () => session.readLocalStorage(),
      localStorage: snapshot?.localStorage,
      minIntervalMs: limits.checkpointIntervalMs,
      log,
      onSaved: deps.onSaved,
    });
    watch.attach(session, checkpointer);
    const outcome = await Promise.race([ended.promise, stopped]);
    entry.leave();
    watch.close();
    await endSession({ session, checkpointer, outcome, worthSaving: watch.isWorthSaving(), log });
    return { outcome, wasStable: watch.wasStable() };
  } finally {
    entry.leave();
    deps.onUse({ session: undefined, isReady: false });
    await home.leave();
  }
}

async function endSession({
  session,
  checkpointer,
  outcome,
  worthSaving,
  log,
}: {
  session: EngineSession;
  checkpointer: Checkpointer;
  outcome: Outcome;
  worthSaving: boolean;
  log: Log;
}): Promise<void> {
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

/** Turns what the engine tells of one session into link states, stored messages and checkpoints. */
function watchSession({
  deps,
  interactive: isWatched,
  isRestored,
  end,
  passGate,
}: {
  deps: BrowserRunDeps;
  interactive: boolean;
  /** From a checkpoint: nobody scans a code meanwhile. */
  isRestored: boolean;
  end: (outcome: Outcome) => void;
  passGate: () => void;
}) {
  const { inbound, limits, log, apply, onUse } = deps;
  const begun = performance.now();
  let interactive = isWatched;
  let session: EngineSession | undefined;
  let checkpointer: Checkpointer | undefined;
  let codes = 0;
  let linking: NodeJS.Timeout | undefined;
  let catchUpTimer: NodeJS.Timeout | undefined;
  let readySince: number | undefined;
  let isReady = false;
  /** The profile holds a session that the phone knows. */
  let linked = false;
  let closed = false;
  // WhatsApp changes its state without telling of messages too.
  const regularly = setInterval(() => {
    if (isReady) checkpointer?.request();
  }, limits.noteCheckpointIntervalMs);

  function handle(event: EngineEvent): void {
    switch (event.type) {
      case 'qr':
        passGate();
        if (interactive) showCode(event.code);
        else end({ type: 'unlinked-meanwhile' });
        break;
      case 'scanned':
        linked = true;
        clearTimeout(linking);
        apply(event);
        break;
      case 'progress':
        linked = true;
        clearTimeout(linking);
        apply(event);
        break;
      case 'ready':
        becomeReady(event.account);
        break;
      case 'disconnected':
        log.info('Connection lost', { reason: event.reason });
        setReady(false);
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

  function becomeReady(account: Account): void {
    passGate();
    clearTimeout(linking);
    linked = true;
    if (isRestored && readySince === undefined) metrics.emit('SessionStartTime', performance.now() - begun);
    readySince ??= performance.now();
    // From now on a code would mean that the phone has unlinked the device.
    interactive = false;
    // First, so that what is missing has its place before what comes now.
    catchUp();
    apply({ type: 'ready', account });
    checkpointer?.request();
    setReady(true);
  }

  function setReady(ready: boolean): void {
    if (isReady && !ready) inbound.pause();
    isReady = ready;
    if (!closed) onUse({ session, isReady });
  }

  function catchUp(): void {
    clearTimeout(catchUpTimer);
    if (!session || closed) return;
    inbound
      .catchUp(session)
      .then(() => checkpointer?.request())
      .catch((error: unknown) => {
        log.warn('Catching up failed, tried again', {}, error);
        clearTimeout(catchUpTimer);
        if (!closed && isReady) catchUpTimer = setTimeout(catchUp, limits.catchUpRetryMs);
      });
  }

  return {
    handle,
    attach(ofSession: EngineSession, ofCheckpointer: Checkpointer) {
      session = ofSession;
      checkpointer = ofCheckpointer;
      onUse({ session, isReady });
    },
    /** A restored session goes on before it says so: its profile may hold what came meanwhile, and nobody else has. */
    isWorthSaving: () => linked || (isRestored && codes === 0),
    wasStable: () => readySince !== undefined && performance.now() - readySince > limits.stableAfterMs,
    close() {
      closed = true;
      setReady(false);
      clearTimeout(linking);
      clearTimeout(catchUpTimer);
      clearInterval(regularly);
    },
  };
}
