import { AsyncLocalStorage } from 'node:async_hooks';
import { metrics, withTrace, type CommandRecord, type Log, type Tenant } from '@top-active/aws';
import { isRefusal, untilStored } from '../inbound/until-stored.ts';
import { createClaim, type Claim } from './claim.ts';
import type { Outcome } from './command-context.ts';

/** Whether sessions' commands can be carried out: now, perhaps soon, or not at all. */
export type Readiness = 'ready' | 'coming' | 'none';

export interface CommandRunner {
  /** There may be something to do. Cheap, and safe to call at any time. */
  poke(): void;
  /** Resolves when the pass that runs, if any, is over. */
  settled(): Promise<void>;
  /**
   * Begins no further command, and leaves open what is open: for whoever serves the user next. Resolves as `settled`.
   */
  close(): Promise<void>;
  /** When the oldest open command was created, as of the last pass. */
  readonly oldestOpen: Date | undefined;
}

export interface CommandRunnerOptions {
  tenant: Tenant;
  hostId: string;
  epoch: number;
  readiness: () => Readiness;
  carryOut: (record: CommandRecord, claim: Claim) => Promise<Outcome>;
  log: Log;
  signal: AbortSignal;
  /** A message that couldn't be sent for so long isn't sent any more: hours later it would surprise. */
  patienceMs: number;
  /** Until a command is tried again that failed for what may pass. Milliseconds. */
  retryMs: number;
}

/** What a command leaves to those after it: `chat-waits` holds up its own chat's, `session-waits` all. */
type Turn = 'done' | 'chat-waits' | 'session-waits';

/**
 * Carries out one user's commands, one after the other in the order of their creation. Linking and unlinking don't wait
 * for messages that can't be sent yet. A message that meets a fault that may pass is tried again, and holds up its own
 * chat alone. Every other command that fails ends; the next one's turn comes.
 */
export function createCommandRunner(options: CommandRunnerOptions): CommandRunner {
  const { tenant, hostId, epoch, readiness, carryOut, log, signal, patienceMs, retryMs } = options;
  let again = false;
  let retry: NodeJS.Timeout | undefined;
  let pass: Promise<void> | undefined;
  let oldestOpen: Date | undefined;
  let isClosed = false;
  // Whoever pokes: what is done is logged as this user's.
  const inOwnContext = AsyncLocalStorage.snapshot();

  async function runPasses(): Promise<void> {
    while (again && !signal.aborted) {
      again = false;
      try {
        await runPass();
      } catch (error) {
        log.error('Commands could not be read', {}, error);
        pokeLater();
      }
    }
    pass = undefined;
  }

  async function runPass(): Promise<void> {
    const open = await tenant.commands.open();
    const first = open[0];
    oldestOpen = first ? new Date(first.createdAt) : undefined;
    const linking = open.filter(isLinking);
    const others = open.filter((record) => !isLinking(record));
    const waiting = new Set<string>();
    for (const record of [...linking, ...others]) {
      if (signal.aborted || isClosed) return;
      const chatId = chatOf(record);
      // What was ordered later is sent later, also when the session comes up in the middle of this.
      if (chatId !== undefined && waiting.has(chatId)) continue;
      const turn = await runOne(record).catch((error: unknown) => leaveOpen(record, error));
      if (turn === 'session-waits') return;
      if (turn === 'chat-waits') {
        if (chatId !== undefined) waiting.add(chatId);
        pokeLater();
      }
    }
  }

  function leaveOpen({ id }: CommandRecord, error: unknown): Turn {
    log.error('A command was left open', { commandId: id }, error);
    return 'chat-waits';
  }

  function pokeLater(): void {
    clearTimeout(retry);
    retry = setTimeout(poke, retryMs).unref();
  }

  async function runOne(record: CommandRecord): Promise<Turn> {
    return withTrace(record.traceId, () => runTraced(record));
  }

  async function runTraced(record: CommandRecord): Promise<Turn> {
    const early = isLinking(record) ? undefined : withoutSession(record);
    if (early?.state === 'open') return 'session-waits';
    const claim = createClaim(record, { tenant, hostId, epoch });
    const outcome = early ?? (await carryOutSafely(record, claim));
    if (outcome.state === 'later') return 'chat-waits';
    if (outcome.state === 'open') return 'session-waits';
    if (outcome.state === 'unsent') {
      if (claim.isHeld) await tenant.commands.release(record.id, hostId, epoch);
      return 'session-waits';
    }
    if (outcome.state === 'taken' || !(await claim.take())) return 'done';
    await untilStored(() => tenant.commands.finish(record.id, { ...outcome, epoch }), { what: 'command', log, signal });
    countEnd(record, outcome.state);
    const failure = outcome.state === 'SENT' ? undefined : outcome.failure;
    log.info('Command ended', { commandId: record.id, kind: record.command.kind, state: outcome.state, failure });
    return 'done';
  }

  /** @throws {Error} when it couldn't be claimed: it is looked at again */
  async function carryOutSafely(record: CommandRecord, claim: Claim): Promise<Outcome | { state: 'later' }> {
    try {
      return await carryOut(record, claim);
    } catch (error) {
      if (claim.hasFailed) throw error;
      const isSend = record.command.kind === 'message.send';
      // The next try looks for what may have left before it sends anything.
      const isTriedAgain = isSend && !isRefusal(error) && !isLate(record);
      log.error('A command failed', { commandId: record.id, kind: record.command.kind, isTriedAgain }, error);
      if (isTriedAgain) return { state: 'later' };
      const mayHaveWorked = isSend && (claim.isHeld || claim.before !== undefined);
      return { state: mayHaveWorked ? 'UNKNOWN' : 'FAILED', failure: 'engine_error' };
    }
  }

  function isLate({ createdAt }: CommandRecord): boolean {
    return Date.now() - Date.parse(createdAt) > patienceMs;
  }

  /** What becomes of a command for which there is no ready session. */
  function withoutSession(record: CommandRecord): Outcome | undefined {
    const state = readiness();
    if (state === 'ready') return undefined;
    if (state === 'coming' && !isLate(record)) return { state: 'open' };
    const failure = state === 'coming' ? 'whatsapp_not_ready' : 'whatsapp_not_linked';
    return { state: record.state === 'CLAIMED' ? 'UNKNOWN' : 'FAILED', failure };
  }

  function poke(): void {
    if (isClosed) return;
    again = true;
    pass ??= inOwnContext(runPasses);
  }

  return {
    get oldestOpen() {
      return oldestOpen;
    },
    poke,
    settled: async () => pass,
    async close() {
      isClosed = true;
      again = false;
      clearTimeout(retry);
      await pass;
    },
  };
}

const endMetrics = { SENT: 'CommandsSent', FAILED: 'CommandsFailed', UNKNOWN: 'CommandsUnknown' } as const;

function countEnd({ createdAt }: CommandRecord, state: keyof typeof endMetrics): void {
  metrics.emit(endMetrics[state]);
  if (state === 'SENT') metrics.emit('CommandTime', Date.now() - Date.parse(createdAt));
}

function isLinking({ command }: CommandRecord): boolean {
  return command.kind.startsWith('link.');
}

function chatOf({ command }: CommandRecord): string | undefined {
  return 'chatId' in command ? command.chatId : undefined;
}
