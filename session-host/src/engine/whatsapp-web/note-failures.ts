import { logOfSession } from '../../session/session-context.ts';
import { isNavigation } from './classify-failure.ts';

const againAfterMs = 600_000;

/** Logs a failure of `what`. */
export type NoteFailure = (what: string, error: unknown) => void;

/**
 * For what a session does beside its work and tries again at the next heartbeat: a failure ends nothing, and must not
 * stay unseen. Each is logged once, and again after ten minutes. While a document is being replaced there is nothing to
 * ask, which is no failure.
 */
export function createFailureNotes(): NoteFailure {
  const notedAt = new Map<string, number>();
  return (what, error) => {
    const now = performance.now();
    if (isNavigation(error) || now - (notedAt.get(what) ?? -Infinity) < againAfterMs) return;
    notedAt.set(what, now);
    logOfSession()?.warn('Something failed beside the work of a session', { what }, error);
  };
}
