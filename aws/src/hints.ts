import type { UserEvent } from '@top-active/core/contracts';
import type { Log } from './log.ts';
import type { Realtime } from './realtime.ts';
import type { ConnectionRecord, ConnectionStore } from './stores/connections.ts';

export interface Hints {
  /** Pushes events to all open pages of the user, best effort: never throws. Waits for it if the hints were told to. */
  push(events: readonly UserEvent[]): Promise<void>;
  /** Until nothing is on its way any more. */
  settled(): Promise<void>;
}

export interface HintsOptions {
  connections: ConnectionStore;
  realtime: Realtime | undefined;
  log: Log;
  wait: boolean;
}

export function createHints({ connections, realtime, log, wait }: HintsOptions): Hints {
  /** One push after the other, so that the hints of a user arrive in order. */
  let queue: Promise<void> = Promise.resolve();

  async function pushTo({ connectionId }: ConnectionRecord, events: readonly UserEvent[]): Promise<void> {
    try {
      for (const event of events)
        if ((await realtime?.push(connectionId, { type: 'hint', event })) === 'gone')
          return await connections.remove(connectionId);
    } catch (error) {
      log.warn('Hint was not delivered', { connectionId }, error);
    }
  }

  async function pushAll(events: readonly UserEvent[]): Promise<void> {
    try {
      const open = await connections.list();
      await Promise.all(open.map((connection) => pushTo(connection, events)));
    } catch (error) {
      log.warn('Connections could not be read for hints', {}, error);
    }
  }

  return {
    async push(events) {
      if (!realtime || events.length === 0) return;
      queue = queue.then(() => pushAll(events));
      if (wait) await queue;
    },
    settled: () => queue,
  };
}
