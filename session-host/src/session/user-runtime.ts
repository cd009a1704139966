import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connectingStates, type UserId } from '@top-active/core/contracts';
import { reportedIn } from '@top-active/core/domain';
import { metrics, type Log, type Tenant, type WhatsAppRecord } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import { createCheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { createCommandRunner, type CommandRunner, type Readiness } from '../commands/command-runner.ts';
import { handle } from '../commands/handlers.ts';
import type { Pacing } from '../commands/pacing.ts';
import type { Engine } from '../engine/engine.ts';
import { createInbound, type Inbound } from '../inbound/inbound.ts';
import { untilStored } from '../inbound/until-stored.ts';
import { systemClock } from '../placement/system-clock.ts';
import type { BuildTroubles } from './build-troubles.ts';
import { createOwnerZone } from './owner-zone.ts';
import { hasCheckpoints } from './restore-session.ts';
import { runInSession } from './session-context.ts';
import type { PageBuilds } from '../health/page-builds.ts';
import { createSelfTest } from './self-test.ts';
import type { SelfTestPlan } from './self-test-plan.ts';
import type { StartGate } from './start-gate.ts';
import type { SessionLimits } from './browser-run-deps.ts';
import { createUserSession, type UserSession } from './user-session.ts';

/** For the command that is being carried out when a session is to be begun anew. */
const settleMs = 30_000;

/** What all users of a host share. */
export interface RuntimeDeps {
  engine: Engine;
  homes: BrowserHomes;
  gate: StartGate;
  pageBuilds: PageBuilds;
  troubles: BuildTroubles;
  selfTests: SelfTestPlan;
  pacing: Pacing;
  checkpointDir: string;
  chromiumVersion: string;
  limits: SessionLimits;
  hostId: string;
  /** Of the host's term over the user's shard. */
  epoch: number;
  sendPatienceMs: number;
  commandRetryMs: number;
  log: Log;
  signal: AbortSignal;
  /** Whether one more session fits: more of those that were linked do. */
  hasRoom: (session: { isLinked: boolean }) => boolean;
}

/** Everything of one user on this host. */
export interface UserRuntime {
  readonly userId: UserId;
  readonly tenant: Tenant;
  readonly session: UserSession;
  readonly commands: CommandRunner;
  /** Its session runs, or is about to. */
  readonly isRunning: boolean;
  /** When the newest message was stored, by `performance.now()`; undefined: none since the runtime was made. */
  readonly newestMessageAt: number | undefined;
  /** The hour of the day where the owner is. */
  localHour(): Promise<number>;
  /** What should be running was taken up, or there was nothing. Until then what is ordered waits. */
  readonly isTakenUp: boolean;
  /** Takes up what should be running. False: it should be, and there is no room. */
  resume(): Promise<boolean>;
  /** Ends the session's browser in order, and begins a new one. Commands wait meanwhile. */
  recycle(): Promise<void>;
  /**
   * For good: what it leaves open is taken up by whoever serves the user next. `drainMs`: for the command at hand, and
   * again for messages that aren't stored yet.
   */
  stop(options: { drainMs: number }): Promise<void>;
}

/** @throws {FencedError} when another host has the user under a later term */
export async function createUserRuntime(tenant: Tenant, deps: RuntimeDeps): Promise<UserRuntime> {
  const { log, signal, limits } = deps;
  // Whoever asks for it: what the session does is logged as this user's.
  const inOwnContext = AsyncLocalStorage.snapshot();
  const { userId } = tenant;
  // What is read from now on stays true but for what is written here: a former host can't add to it any more.
  await tenant.claim();
  const atStart = await tenant.whatsapp.get();
  const caughtUpAt = atStart.checkpointAt ?? atStart.linkedAt;
  let newestMessageAt: number | undefined;
  let recycling: Promise<void> | undefined;
  let resuming: Promise<boolean> | undefined;
  let isTakenUp = false;
  /** It should run, and is taken up as soon as there is room. */
  let isWithoutRoom = false;
  let stopped = false;
  const zone = createOwnerZone(tenant);
  const inbound: Inbound = createInbound({
    tenant,
    log,
    signal,
    caughtUpAt: caughtUpAt === undefined ? undefined : new Date(caughtUpAt),
    // Noted only once all chats have been fetched: a first link that stuck begins with it again.
    hasHistory: atStart.checkpointAt !== undefined,
    retryMs: limits.catchUpRetryMs,
    onStored: () => (newestMessageAt = performance.now()),
  });
  const checkpoints = createCheckpointStore({
    folder: deps.checkpointDir,
    userId,
    epoch: deps.epoch,
    secrets: tenant.secrets,
    pointer: tenant.checkpointPointer,
    chromiumVersion: deps.chromiumVersion,
    log,
  });
  const session: UserSession = createUserSession({
    whatsapp: tenant.whatsapp,
    inbound,
    limits,
    log,
    signal,
    engine: deps.engine,
    homes: deps.homes,
    gate: deps.gate,
    pageBuilds: deps.pageBuilds,
    troubles: deps.troubles,
    selfTest: deps.selfTests.isFor(userId) ? createSelfTest({ plan: deps.selfTests, isStored, log }) : undefined,
    chromiumVersion: deps.chromiumVersion,
    checkpoints,
    onReady: () => commands.poke(),
    onEnded: () => commands.poke(),
  });
  const commands: CommandRunner = createCommandRunner({
    tenant,
    log,
    signal,
    hostId: deps.hostId,
    epoch: deps.epoch,
    patienceMs: deps.sendPatienceMs,
    retryMs: deps.commandRetryMs,
    readiness,
    async carryOut(record, claim) {
      await recycling;
      return handle({ record, claim, tenant, session, inbound, pacing: deps.pacing, startSession });
    },
  });

  /** Its term ended, and it was the last to know. What it hasn't stored, its follower fetches. */
  async function yieldToFollower(): Promise<void> {
    if (stopped) return;
    stopped = true;
    metrics.emit('TwoOwners');
    log.error('ALARM: a host of a later term has this user, whose session ends here', { epoch: deps.epoch });
    await Promise.all([commands.close(), session.abandon()]);
  }

  void tenant.lost.then(() => inOwnContext(yieldToFollower));

  async function isStored({ peer, stanzaId }: { peer: string; stanzaId: string }): Promise<boolean> {
    const chatId = await tenant.chats.resolvePeer([peer]);
    if (chatId === undefined) return false;
    return (await tenant.messages.find({ chatId, stanzaId, direction: 'out' })) !== undefined;
  }

  function readiness(): Readiness {
    if (session.engine) return 'ready';
    const isBegun = session.isRunning || recycling !== undefined;
    return isBegun || !isTakenUp || isWithoutRoom || session.isToBeTriedAgain ? 'coming' : 'none';
  }

  async function startSession(): Promise<{ started: true } | { started: false; failure: string }> {
    const record = await tenant.whatsapp.get();
    const isLinked = await wasLinked(record);
    if (record.desired === 'off') return { started: false, failure: 'superseded' };
    if (stopped) return { started: false, failure: 'host_stops' };
    if (session.isRunning && session.generation === record.generation) return { started: true };
    if (session.isRunning) await session.stop();
    else if (!deps.hasRoom({ isLinked })) {
      await session.refuse(record.generation);
      return { started: false, failure: 'host_full' };
    }
    start(record, { interactive: true });
    return { started: true };
  }

  function start(record: WhatsAppRecord, { interactive }: { interactive: boolean }): void {
    isWithoutRoom = false;
    const status = reportedIn(record);
    runInSession({ log }, () => session.start({ generation: record.generation, interactive, status }));
  }

  async function resume(): Promise<boolean> {
    const isStarted = await resumeSession();
    isTakenUp = true;
    isWithoutRoom = !isStarted;
    return isStarted;
  }

  /** A new attempt forgets when its account was linked, but not what is saved of it. */
  async function wasLinked({ linkedAt }: WhatsAppRecord): Promise<boolean> {
    return linkedAt !== undefined || hasCheckpoints({ checkpoints, log }, true);
  }

  async function resumeSession(): Promise<boolean> {
    const record = await tenant.whatsapp.get();
    const isLinked = await wasLinked(record);
    // Nobody looks at the code of an attempt that has failed.
    if (record.state === 'failed' && !isLinked) return true;
    // A command may have started it meanwhile.
    if (!shouldResume(record) || stopped || session.isRunning) return true;
    if (deps.hasRoom({ isLinked })) {
      start(record, { interactive: false });
      return true;
    }
    await session.refuse(record.generation);
    return false;
  }

  async function beginAnew(): Promise<void> {
    const { generation } = session;
    await session.stop();
    const record = await untilStored(() => tenant.whatsapp.get(), { what: 'recycling', log, signal });
    // Its place is its own: nobody else was let in meanwhile.
    if (record && !stopped && record.generation === generation && shouldResume(record))
      start(record, { interactive: false });
  }

  return {
    userId,
    tenant,
    session,
    commands,
    get isRunning() {
      return session.isRunning || recycling !== undefined;
    },
    get newestMessageAt() {
      return newestMessageAt;
    },
    localHour: zone.localHour,
    get isTakenUp() {
      return isTakenUp;
    },
    async resume() {
      resuming ??= inOwnContext(resume).finally(() => (resuming = undefined));
      return resuming;
    },
    async recycle() {
      // A message that is being sent gets its end first: cut off, nobody would know whether it left.
      await Promise.race([commands.settled(), delay(settleMs)]);
      if (stopped || !session.isRunning) return;
      recycling ??= inOwnContext(beginAnew).finally(() => (recycling = undefined));
      await recycling;
      commands.poke();
    },
    async stop({ drainMs }) {
      // The command at hand still has its session.
      const pause = new AbortController();
      await Promise.race([commands.close(), systemClock.sleep(drainMs, AbortSignal.any([signal, pause.signal]))]);
      pause.abort();
      stopped = true;
      await session.stop();
      await recycling;
      await commands.settled();
      await inbound.drain(drainMs);
    },
  };
}

/**
 * Whether a session should run after the host's restart. Not one that ended at somebody's wish; one that failed, if it
 * ever was linked, gets another chance, since the restart may have brought the remedy.
 */
export function shouldResume({
  desired,
  state,
  failure,
}: Pick<WhatsAppRecord, 'desired' | 'state' | 'failure'>): boolean {
  if (failure === 'idle') return false;
  return desired === 'on' && (state === 'linked' || state === 'failed' || connectingStates.includes(state));
}
