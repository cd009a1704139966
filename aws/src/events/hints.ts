import type { UserEvent } from '@top-active/core/contracts';
import type { Log } from '../logs/log.ts';
import type { Realtime } from './realtime.ts';
import type { ConnectionRecord, ConnectionStore } from '../stores/connections.ts';

export interface Hints {
  /** Pushes events to all open pages of the user, best effort: never throws. Waits for it if the hints were told to. */
  push(events: readonly UserEvent[]): Promise<void>;
  /** Until nothing is on its way any more. */
  settled(): Promise<void>;
}

export interface HintsOptions {
  connections: Pick<ConnectionStore, 'list' | 'remove'>;
  realtime: Realtime | undefined;
  log: Log;
  wait: boolean;
}

export function createHints({ connections, realtime, log, wait }: HintsOptions): Hints {
  /** One push after the other, so that the hints of a user arrive in order. */
  let queue: Promise<void> = Promise.resolve();
  /** What came while a push was on its way goes with the next one: connections are read once for all of it. */
  let waiting: UserEvent[] = [];
  let next: Promise<void> | undefined;

  async function pushTo({ connectionId }: ConnectionRecord, events: readonly UserEvent[]): Promise<void> {
    for (const event of events) {
      try {
        if ((await realtime?.push(connectionId, { type: 'hint', event })) === 'gone')
          return await connections.remove(connectionId);
      } catch (error) {
        log.warn('Hint was not delivered', { connectionId }, error);
      }
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

  function pushWaiting(): Promise<void> {
    const events = waiting;
    waiting = [];
    next = undefined;
    return pushAll(events);
  }

  return {
    async push(events) {
      if (!realtime || events.length === 0) return;
      waiting.push(...events);
      next ??= queue = queue.then(pushWaiting);
      if (wait) await next;
    },
    settled: () => queue,
  };
}
