import type { SessionHostConfig } from './config.ts';
import { reduceHost, servingHost, type HostEffect, type HostEvent } from './host/host-machine.ts';
import { createHostBase, type HostParts } from './host/host-parts.ts';
import { startHost } from './host/start-host.ts';
import { stopHost } from './host/stop-host.ts';

export interface SessionHost {
  /** Resolves when the host listens; sessions come up in the background. */
  start(): Promise<void>;
  /**
   * Hands over every shard, its sessions saved and closed, within the configured time. Resolves when nothing of it runs
   * any more.
   */
  stop(): Promise<void>;
  /** The end is near: cuts short whatever `stop` is waiting for. */
  hurry(): void;
  /** Resolves when the host can't go on, and has begun to stop of its own accord. */
  readonly gaveUp: Promise<void>;
}

/** @param onRenewed is told when a heartbeat was acknowledged that was sent at `sentAt`, by `performance.now()` */
export function createSessionHost(
  config: SessionHostConfig,
  { onRenewed }: { onRenewed: (sentAt: number) => void },
): SessionHost {
  const base = createHostBase(config);
  const parts: HostParts = {};
  const gaveUp = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  let state = servingHost;

  function dispatch(event: HostEvent): void {
    const next = reduceHost(state, event);
    ({ state } = next);
    for (const effect of next.effects) carryOut(effect);
  }

  function carryOut(effect: HostEffect): void {
    switch (effect.type) {
      case 'log-error':
        return base.log.error(effect.message, {}, effect.error);
      case 'give-up':
        process.exitCode = 1;
        return gaveUp.resolve();
      case 'hand-over':
        return stopped.resolve(stopHost(base, parts));
      case 'cut-short':
        return base.hurrying.abort();
      default:
        return effect satisfies never;
    }
  }

  return {
    start: () =>
      startHost(base, parts, {
        onRenewed,
        onRejection: (error) => dispatch({ type: 'rejection', error }),
        onLeasesOver: (reason) => dispatch({ type: 'leases-over', reason }),
      }),
    async stop() {
      dispatch({ type: 'stop' });
      await stopped.promise;
    },
    hurry: () => dispatch({ type: 'hurry' }),
    gaveUp: gaveUp.promise,
  };
}
