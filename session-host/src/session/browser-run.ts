import type { Log } from '@top-active/aws';
import type { BrowserHome } from '../browser/homes/browser-home.ts';
import { createCheckpointer, type Checkpointer } from '../checkpoint/checkpointer.ts';
import type { Snapshot } from '../checkpoint/snapshot.ts';
import type { EngineSession } from '../engine/engine.ts';
import { watchSession } from './watch-session.ts';
import type { BrowserRunDeps, Outcome, Stop } from './browser-run-deps.ts';

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
 * From the start of one browser to its end, however it ends. Its profile is saved when it is worth it, and deleted. A
 * fault of the host's own (no disk, no user for a browser) is a death too.
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
        .catch((error: unknown) => deps.log.error('The folder of a browser could not be removed', {}, error));
    }
  } catch (error) {
    deps.log.error('A fault of the host kept a browser from running', {}, error);
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
