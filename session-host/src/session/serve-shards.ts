import { createWakeReceiver, type AwsClients, type Log } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';
import { pollWakes } from '../commands/wake-poller.ts';
import type { SessionHostConfig } from '../config.ts';
import type { Placement } from '../placement/placement.ts';
import { systemClock } from '../placement/system-clock.ts';
import { keepSearchIndexed } from './keep-search-indexed.ts';
import type { UserRuntimes } from './user-runtimes.ts';

export interface ShardServiceOptions {
  clients: AwsClients;
  placement: Placement;
  runtimes: UserRuntimes;
  config: Pick<SessionHostConfig, 'aws' | 'earlySweepMs' | 'earlyForMs' | 'sweepMs' | 'stopTimeoutMs'>;
  log: Log;
  /** Ends everything. */
  signal: AbortSignal;
}

/** Serves the users of shards: takes up their sessions, listens for wakes, and looks after everybody regularly. */
export interface ShardService {
  /** Resolves when every session has been taken up, or failed to be; those are tried again later. */
  takeUp(shards: readonly number[]): Promise<void>;
  /**
   * Ends whatever runs for the users of a shard, saved for whoever takes it up next. Other shards go on.
   * @throws when something may still run
   */
  handOver(shard: number): Promise<void>;
  /** From now on commands are looked for even when no wake comes, and messages indexed for search. */
  startSweeping(): void;
  /** Resolves after the signal, when nobody listens any more. */
  settled(): Promise<void>;
}

export function createShardService(options: ShardServiceOptions): ShardService {
  const { clients, placement, runtimes, config, log, signal } = options;
  const pollers = new Map<number, { stop: AbortController; done: Promise<void> }>();
  let sweeping: Promise<unknown> | undefined;
  /** Tried again by the sweep. */
  const notTakenUp = new Set<UserId>();

  const tenants = () => runtimes.all().map(({ tenant }) => tenant);

  async function usersOf(shards: readonly number[]): Promise<UserId[]> {
    while (!signal.aborted) {
      try {
        return await placement.users(shards);
      } catch (error) {
        log.error('The users of shards could not be read', { shards: shards.length }, error);
        await systemClock.sleep(config.earlySweepMs, signal);
      }
    }
    return [];
  }

  async function resume(userId: UserId): Promise<void> {
    if (!placement.owns(userId)) return;
    try {
      const runtime = await runtimes.for(userId);
      if (!(await runtime.resume())) notTakenUp.add(userId);
      runtime.commands.poke();
    } catch (error) {
      log.error('A session could not be started', { userId }, error);
      notTakenUp.add(userId);
    }
  }

  function listen(shard: number): void {
    const receiver = createWakeReceiver(clients, { urlTemplate: config.aws.WAKE_QUEUE_URL_TEMPLATE, shard });
    const onWake = (userId: UserId) => {
      if (!placement.owns(userId) || signal.aborted) return;
      runtimes.for(userId).then(
        // It may overtake the taking-up.
        (runtime) => (runtime.isTakenUp ? runtime.commands.poke() : resume(userId)),
        (error: unknown) => log.error('A wake could not be handled', { userId }, error),
      );
    };
    const stop = new AbortController();
    const done = pollWakes({ receiver, onWake, log, signal: AbortSignal.any([signal, stop.signal]) });
    pollers.set(shard, { stop, done });
  }

  async function lookAfterAll(): Promise<void> {
    try {
      for (const userId of await placement.users()) {
        if (signal.aborted) return;
        await lookAfter(userId);
      }
    } catch (error) {
      log.warn("Not every user's session could be checked", {}, error);
    }
  }

  async function lookAfter(userId: UserId): Promise<void> {
    if (!placement.owns(userId)) return;
    try {
      const runtime = await runtimes.for(userId);
      const isLeft =
        !runtime.isTakenUp || ((notTakenUp.has(userId) || runtime.session.wantsAnotherTry) && !runtime.isRunning);
      if (!isLeft || (await runtime.resume())) notTakenUp.delete(userId);
      runtime.commands.poke();
    } catch (error) {
      // One user's trouble must not keep the others waiting.
      log.warn("A user's session could not be checked", { userId }, error);
    }
  }

  async function sweep(startedAt: number): Promise<void> {
    while (!signal.aborted) {
      const isEarly = performance.now() - startedAt < config.earlyForMs;
      await systemClock.sleep(isEarly ? config.earlySweepMs : config.sweepMs, signal);
      if (!signal.aborted) await lookAfterAll();
    }
  }

  return {
    async takeUp(shards) {
      for (const shard of shards) listen(shard);
      await Promise.all((await usersOf(shards)).map((userId) => resume(userId)));
    },
    async handOver(shard) {
      const poller = pollers.get(shard);
      poller?.stop.abort();
      await poller?.done;
      pollers.delete(shard);
      await runtimes.release((userId) => placement.shardOf(userId) === shard, { drainMs: config.stopTimeoutMs / 4 });
    },
    startSweeping() {
      sweeping = Promise.all([sweep(performance.now()), keepSearchIndexed({ tenants, log, signal })]);
    },
    async settled() {
      await Promise.allSettled([sweeping, ...[...pollers.values()].map(({ done }) => done)]);
    },
  };
}
