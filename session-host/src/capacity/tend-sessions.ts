import { setTimeout as delay } from 'node:timers/promises';
import { metrics, type Log } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import type { UserRuntime } from '../session/user-runtime.ts';
import { reportReception } from '../session/report-reception.ts';
import { isIdle } from './idleness.ts';
import type { MemoryWatch } from './memory-watch.ts';
import { chooseRecycling, type RecyclingLimits, type SessionFacts } from './recycling.ts';

export interface CapacityLimits extends RecyclingLimits {
  /** Between two looks at memory. */
  everyMs: number;
  /** A session without any message for so long is ended; undefined: never. */
  idleAfterMs: number | undefined;
}

export interface TendOptions {
  runtimes: () => readonly UserRuntime[];
  homes: BrowserHomes;
  memory: MemoryWatch;
  limits: CapacityLimits;
  log: Log;
  /** Ends it. */
  signal: AbortSignal;
}

/** Between two looks for sessions that nobody uses, at most. */
const idleEveryMs = 3_600_000;

/**
 * Looks at the memory of all sessions regularly, begins anew the one that needs it most, and ends those that nobody
 * uses.
 */
export async function tendSessions(options: TendOptions): Promise<void> {
  const { limits, log, signal } = options;
  let idleLookedAt = performance.now();
  while (!signal.aborted) {
    // It rejects only when the host stops.
    await delay(limits.everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    reportReception(options.runtimes().map(({ session }) => session.status));
    try {
      await recycleOne(options);
      if (performance.now() - idleLookedAt < Math.min(idleEveryMs, limits.idleAfterMs ?? Infinity)) continue;
      idleLookedAt = performance.now();
      await pauseIdle(options);
    } catch (error) {
      log.warn('The sessions could not be checked for restarts', {}, error);
    }
  }
}

const recycledAt = new WeakMap<UserRuntime, number>();

async function recycleOne({ runtimes, homes, memory, limits, log }: TendOptions): Promise<void> {
  const running = runtimes().flatMap((runtime) => {
    const { browserPid, browserSince } = runtime.session;
    return browserPid === undefined || browserSince === undefined ? [] : [{ runtime, browserPid, browserSince }];
  });
  const sessionBytes = await homes.memoryOf(running.map(({ browserPid }) => browserPid));
  memory.note({ hostBytes: process.memoryUsage.rss(), sessionBytes });
  metrics.emit('SessionMemoryMax', Math.max(0, ...sessionBytes));
  const facts = await Promise.all(
    running.map(({ runtime, browserSince }, i) =>
      factsOf(runtime, { browserSince, memoryBytes: sessionBytes[i] ?? 0 }),
    ),
  );
  const chosen = chooseRecycling(facts, { ...limits, usedBytes: memory.usedBytes });
  if (!chosen) return;
  const { userId } = chosen.session;
  const memoryBytes = facts.find(({ session }) => session === chosen.session)?.memoryBytes;
  log.info('A session is restarted', { userId, reason: chosen.reason, memoryBytes });
  metrics.emit('SessionsRecycled');
  recycledAt.set(chosen.session, performance.now());
  await chosen.session.recycle();
}

async function factsOf(
  runtime: UserRuntime,
  { browserSince, memoryBytes }: { browserSince: number; memoryBytes: number },
): Promise<SessionFacts<UserRuntime>> {
  const now = performance.now();
  return {
    session: runtime,
    memoryBytes,
    runningForMs: now - browserSince,
    sinceRecycledMs: now - (recycledAt.get(runtime) ?? -Infinity),
    quietForMs: now - Math.max(browserSince, runtime.newestMessageAt ?? 0),
    isBusy: runtime.session.engine === undefined || runtime.commands.oldestOpen !== undefined,
    localHour: await runtime.localHour(),
  };
}

async function pauseIdle({ runtimes, limits: { idleAfterMs }, log }: TendOptions): Promise<void> {
  if (idleAfterMs === undefined) return;
  for (const runtime of runtimes()) {
    if (!runtime.session.engine) continue;
    const { tenant, userId } = runtime;
    const [status, chats] = await Promise.all([tenant.whatsapp.get(), tenant.chats.page({ limit: 1 })]);
    const newestActivityAt = chats.items[0]?.updatedAt;
    if (!isIdle({ status, newestActivityAt }, { now: Date.now(), idleAfterMs })) continue;
    log.info('A session that nobody uses is ended', { userId });
    metrics.emit('SessionsPaused');
    await runtime.session.pause();
  }
}
