import { AsyncLocalStorage } from 'node:async_hooks';
import { connectingStates, type UserId } from '@top-active/core/contracts';
import type { Log, Tenant, WhatsAppRecord } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import { createFolderStore } from '../checkpoint/folder-store.ts';
import { createCommandRunner, type CommandRunner } from '../commands/command-runner.ts';
import { handle } from '../commands/handlers.ts';
import type { Pacing } from '../commands/pacing.ts';
import type { Engine } from '../engine/engine.ts';
import { createInbound, type Inbound } from '../inbound/inbound.ts';
import { runInSession } from './session-context.ts';
import type { StartGate } from './start-gate.ts';
import type { SessionLimits } from './browser-run.ts';
import { createUserSession, type UserSession } from './user-session.ts';

/** What all users of a host share. */
export interface RuntimeDeps {
  engine: Engine;
  homes: BrowserHomes;
  gate: StartGate;
  pacing: Pacing;
  checkpointDir: string;
  chromiumVersion: string;
  limits: SessionLimits;
  hostId: string;
  /** Of the host's term over the user's shard. */
  epochOf: (userId: UserId) => number;
  sendPatienceMs: number;
  log: Log;
  signal: AbortSignal;
  /** Whether one more session may run. */
  hasRoom: () => boolean;
}

/** Everything of one user on this host. */
export interface UserRuntime {
  readonly userId: UserId;
  readonly session: UserSession;
  readonly commands: CommandRunner;
  /** Takes up what should be running, at the start of the host. */
  resume(): Promise<void>;
  stop(options: { drainMs: number }): Promise<void>;
}

export async function createUserRuntime(tenant: Tenant, deps: RuntimeDeps): Promise<UserRuntime> {
  const { log, signal, limits } = deps;
  // Whoever asks for it: what the session does is logged as this user's.
  const inOwnContext = AsyncLocalStorage.snapshot();
  const { userId } = tenant;
  const atStart = await tenant.whatsapp.get();
  const caughtUpAt = atStart.checkpointAt ?? atStart.linkedAt;
  const inbound: Inbound = createInbound({
    tenant,
    log,
    signal,
    caughtUpAt: caughtUpAt === undefined ? undefined : new Date(caughtUpAt),
  });
  const session: UserSession = createUserSession({
    tenant,
    inbound,
    limits,
    log,
    signal,
    engine: deps.engine,
    homes: deps.homes,
    gate: deps.gate,
    chromiumVersion: deps.chromiumVersion,
    checkpoints: createFolderStore({ folder: deps.checkpointDir, userId, secrets: tenant.secrets, log }),
    onReady: () => commands.poke(),
    onEnded: () => commands.poke(),
  });
  const commands: CommandRunner = createCommandRunner({
    tenant,
    log,
    signal,
    hostId: deps.hostId,
    epoch: deps.epochOf(userId),
    patienceMs: deps.sendPatienceMs,
    readiness: () => (session.engine ? 'ready' : session.isRunning ? 'coming' : 'none'),
    carryOut: (record, claimedBefore) =>
      handle({ record, claimedBefore, tenant, session, inbound, pacing: deps.pacing, startSession }),
  });

  async function startSession(): Promise<{ started: true } | { started: false; failure: string }> {
    const record = await tenant.whatsapp.get();
    if (record.desired === 'off') return { started: false, failure: 'superseded' };
    if (session.isRunning && session.generation === record.generation) return { started: true };
    if (session.isRunning) await session.stop();
    else if (!deps.hasRoom()) {
      await session.refuse(record.generation);
      return { started: false, failure: 'host_full' };
    }
    start(record, { interactive: true });
    return { started: true };
  }

  function start(record: WhatsAppRecord, { interactive }: { interactive: boolean }): void {
    const { state, qr, progress, account, failure } = record;
    runInSession({ log }, () =>
      session.start({
        generation: record.generation,
        interactive,
        status: {
          state,
          ...(qr && { qr }),
          ...(progress !== undefined && { progress }),
          ...(account && { account }),
          ...(failure && { failure }),
        },
      }),
    );
  }

  async function resume(): Promise<void> {
    const record = await tenant.whatsapp.get();
    if (!shouldResume(record)) return;
    if (deps.hasRoom()) start(record, { interactive: false });
    else await session.refuse(record.generation);
  }

  return {
    userId,
    session,
    commands,
    resume: () => inOwnContext(resume),
    async stop({ drainMs }) {
      await session.stop();
      await commands.settled();
      await inbound.drain(drainMs);
    },
  };
}

/**
 * Whether a session should run after the host's restart. Not one that ended at somebody's wish; one that failed gets another chance, since the
 * restart may have brought the remedy.
 */
export function shouldResume({ desired, state }: Pick<WhatsAppRecord, 'desired' | 'state'>): boolean {
  return desired === 'on' && (state === 'linked' || state === 'failed' || connectingStates.includes(state));
}
