import type { Contact, Log, Tenant } from '@top-active/aws';
import type { EngineSession } from '../engine/engine.ts';
import { refreshedForMs, refreshNames } from './refresh-names.ts';

/**
 * @param describe who a peer is
 * @param inChatOrder runs a task in its place among the messages of the peer's chat
 */
interface DailyNamesOptions {
  tenant: Tenant;
  describe: (peer: string, engine: EngineSession) => Promise<Contact>;
  inChatOrder: <T>(peer: string, task: () => Promise<T>) => Promise<T>;
  log: Log;
  signal: AbortSignal;
}

/**
 * Compares contacts' names with those on the phone once a day, whenever the returned function is called. The first time
 * is a day after the host began: a catch-up describes them too.
 */
export function createDailyNames(options: DailyNamesOptions): (engine: EngineSession) => void {
  const { tenant, describe, inChatOrder, log, signal } = options;
  let comparedAt = Date.now();

  return (engine) => {
    if (Date.now() - comparedAt < refreshedForMs) return;
    comparedAt = Date.now();
    refreshNames({ tenant, describe: (peer) => describe(peer, engine), inChatOrder, signal }).catch((error: unknown) =>
      log.warn('Names could not be refreshed', {}, error),
    );
  };
}
