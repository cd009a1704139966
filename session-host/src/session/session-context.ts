import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '@top-active/aws';

/** What code belongs to which session, also where the library starts work of its own accord. */
export interface SessionContext {
  log: Log;
}

const contexts = new AsyncLocalStorage<SessionContext>();

export function runInSession<T>(context: SessionContext, work: () => T): T {
  return contexts.run(context, work);
}

/** Of the session to which the running code belongs; undefined outside of any. */
export function logOfSession(): Log | undefined {
  return contexts.getStore()?.log;
}

/**
 * The library has listeners whose rejections nobody hears of (a page that navigates while it is injected, a response
 * whose body is gone). Such a rejection is logged with its session, whose heartbeat finds out whether it did harm. One
 * without a session is our own mistake: `onOutsideSession` decides.
 * @returns what takes the guard away
 */
export function guardRejections(onOutsideSession: (error: unknown) => void): () => void {
  const listener = (error: unknown) => {
    const context = contexts.getStore();
    if (context) context.log.warn('The engine left a rejection unhandled', {}, error);
    else onOutsideSession(error);
  };
  process.on('unhandledRejection', listener);
  return () => process.off('unhandledRejection', listener);
}
