import type { Log } from '@top-active/aws';
import type { BrowserHome, BrowserHomes } from '../browser/homes/browser-home.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { createCheckpointer, type Checkpointer } from '../checkpoint/checkpointer.ts';
import type { Snapshot } from '../checkpoint/snapshot.ts';
import type { Engine, EngineEvent, EngineSession } from '../engine/engine.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { LinkEvent, LinkFailure } from '../link/link-machine.ts';
import type { PairingByCode } from './pairing-by-code.ts';
import type { PageBuilds } from '../health/page-builds.ts';
import type { SelfTest } from './self-test.ts';
import type { StartGate } from './start-gate.ts';
import type { ReceptionWatch } from './watch-reception.ts';
import { watchSession } from './watch-session.ts';

export interface SessionLimits {
  checkpointIntervalMs: number;
  noteCheckpointIntervalMs: number;
  /** WhatsApp shows its first QR code longer than the following ones. It doesn't tell how long: these are what it has been seen to do. */
  firstQrMs: number;
  nextQrMs: number;
  /** A code that is typed on the phone is good for so long. WhatsApp's own page shows it for three minutes and a quarter. */
  pairingCodeMs: number;
  /** Codes are shown for so long at most, since a browser runs meanwhile. */
  linkingMs: number;
  /** After the owner's passkey WhatsApp goes on within so long, or it has taken offence at it. */
  passkeyAnswerMs: number;
  /** Ready for so long: earlier deaths are forgiven. */
  stableAfterMs: number;
  catchUpRetryMs: number;
  /** For a session that only comes up to be unlinked at the phone. */
  comeUpToUnlinkMs: number;
  /** A session that ended by a fault of the host is tried again after so long. */
  afterFaultMs: number;
  /** A page that gives no sign of messages is begun anew at most once in so long. */
  restartSilentMs: number;
}

export interface Stop {
  type: 'stop';
  /** To be taken up again · unlinked at the phone · left to another host or attempt. */
  how: 'suspend' | 'unlink' | 'abandon';
}

export type Outcome =
  | Extract<EngineEvent, { type: 'died' | 'logged-out' | 'qr-idle' }>
  /** There was no browser to be had. */
  | { type: 'died'; cause: 'host_fault'; detail: string }
  /** WhatsApp wants a QR code for a session that was linked. */
  | { type: 'unlinked-meanwhile' }
  /** The attempt to link came to nothing, and another one like it would too. */
  | { type: 'gave-up'; failure: LinkFailure }
  | Stop;

export interface BrowserRunDeps {
  engine: Engine;
  inbound: Inbound;
  checkpoints: CheckpointStore;
  homes: BrowserHomes;
  gate: StartGate;
  pageBuilds: PageBuilds;
  limits: SessionLimits;
  chromiumVersion: string;
  log: Log;
  pairing: PairingByCode;
  reception: ReceptionWatch;
  /** Only of the account with which the host tests itself. */
  selfTest: SelfTest | undefined;
  apply: (event: LinkEvent) => void;
  onSaved: (takenAt: Date) => void;
  /** Whether the session can be used, whenever that changes. */
  onUse: (use: { session: EngineSession | undefined; isReady: boolean }) => void;
}

interface Run {
  snapshot: Snapshot | undefined;
  stopped: Promise<Stop>;
}

interface Ended {
  outcome: Outcome;
  wasStable: boolean;
  /** WhatsApp was told that the device is unlinked, at the owner's wish. */
  loggedOut: boolean;
}

/**
 * From the start of one browser to its end, however it ends. Its profile is saved when it is worth it, and deleted. A fault of the host's own (no disk, no
 * user for a browser) is a death too.
 */
export async function runBrowser({ snapshot, stopped }: Run, deps: BrowserRunDeps): Promise<Ended> {
  const entering = deps.gate.enter();
  const entry = await Promise.race([entering, stopped]);
  if ('type' in entry) {
    void entering.then(({ leave }) => leave());
    return { outcome: entry, wasStable: false, loggedOut: false };
  }
  try {
    const home = await deps.homes.open(snapshot?.files);
    try {
      return await runAtHome({ home, snapshot, stopped, passGate: entry.leave }, deps);
    } finally {
      deps.onUse({ session: undefined, isReady: false });
      // What it was that ended stays true. The rest is removed when the host ends or starts.
      await home
        .leave()
        .catch((error: unknown) => deps.log.error('The home of a browser could not be removed', {}, error));
    }
  } catch (error) {
    deps.log.error('A browser could not be run, by a fault of the host', {}, error);
    const outcome: Outcome = { type: 'died', cause: 'host_fault', detail: 'No browser could be run' };
    return { outcome, wasStable: false, loggedOut: false };
  } finally {
    entry.leave();
  }
}

async function runAtHome(
  { home, snapshot, stopped, passGate }: Run & { home: BrowserHome; passGate: () => void },
  deps: BrowserRunDeps,
): Promise<Ended> {
  const { engine, limits, log } = deps;
  const ended = Promise.withResolvers<Outcome>();
  const watch = watchSession({ deps, isRestored: snapshot !== undefined, end: ended.resolve, passGate });
  const session = engine.start({ home, localStorage: snapshot?.localStorage, onEvent: (event) => watch.handle(event) });
  const checkpointer = createCheckpointer({
    store: deps.checkpoints,
    copySession: (known) => home.copySession(known),
    chromiumVersion: deps.chromiumVersion,
    readLocalStorage: () => session.readLocalStorage(),
    localStorage: snapshot?.localStorage,
    minIntervalMs: limits.checkpointIntervalMs,
    log,
    onSaved: deps.onSaved,
    onFenced: () => ended.resolve({ type: 'stop', how: 'abandon' }),
  });
  watch.attach({ session, checkpointer });
  const outcome = await Promise.race([ended.promise, stopped]);
  passGate();
  watch.close();
  const loggedOut = await endSession({ session, checkpointer, outcome, worthSaving: watch.isWorthSaving(), log });
  return { outcome, wasStable: watch.wasStable(), loggedOut };
}

/** @returns whether WhatsApp was told that the device is to be unlinked */
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
}): Promise<boolean> {
  if (outcome.type === 'stop' && outcome.how === 'unlink') {
    await checkpointer.close();
    return session.logout().catch((error: unknown) => {
      log.warn('Logging out failed', {}, error);
      return false;
    });
  }
  const isSuspended = outcome.type === 'stop' && outcome.how === 'suspend';
  if (isSuspended && worthSaving) await checkpointer.readPage();
  await session.stop();
  if (worthSaving && (isSuspended || outcome.type === 'died')) await checkpointer.saveFinal();
  else await checkpointer.close();
  return false;
}
