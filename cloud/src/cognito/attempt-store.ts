import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { limitExceeded, mailLimitExceeded, notAuthorized } from './errors.ts';
import { normalizeUsername } from './user-store.ts';

const attemptRow = z.object({ count: z.number(), since: z.number(), last: z.number() });

export type AttemptAction =
  | 'sign-up'
  | 'forgot-password'
  | 'software-token-mfa'
  | 'send'
  | 'password'
  | 'change-password'
  | 'mail';

/** A user by their sub, or a name that nobody has: limits tell nothing about who exists. */
export interface Attempted {
  poolId: string;
  name: string;
}

export function attempted(poolId: string, name: string): Attempted {
  return { poolId, name: normalizeUsername(name) };
}

export type AttemptStore = ReturnType<typeof createAttemptStore>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
// Cognito's own quotas for codes aren't published to the number.
const limits = {
  'sign-up': { count: 5, windowMs: 15 * minuteMs },
  /** Asking for a code and entering one together: 5 to 20 an hour, by how risky it looks. Here as few as may be. */
  'forgot-password': { count: 5, windowMs: hourMs },
  'software-token-mfa': { count: 5, windowMs: 15 * minuteMs },
  'change-password': { count: 5, windowMs: hourMs },
  send: { count: 20, windowMs: hourMs },
  /** Of a pool that has Cognito send its e-mails. */
  mail: { count: 50, windowMs: 24 * hourMs },
};
const freePasswords = 5;
const longestLockMs = 15 * minuteMs;

export function createAttemptStore(db: Database, now: () => number) {
  const select = db.select(
    'SELECT count, since, last FROM attempts WHERE pool_id = ? AND name = ? AND action = ?',
    attemptRow,
  );
  const upsert = db.change(
    `INSERT INTO attempts (pool_id, name, action, count, since, last) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (pool_id, name, action) DO UPDATE SET count = excluded.count, since = excluded.since, last = excluded.last`,
  );
  const remove = db.change('DELETE FROM attempts WHERE pool_id = ? AND name = ? AND action = ?');

  function current({ poolId, name }: Attempted, action: AttemptAction, windowMs: number) {
    const found = select.get(poolId, name, action);
    return found && now() - found.since < windowMs ? found : undefined;
  }

  function wrongPasswords({ poolId, name }: Attempted) {
    const found = select.get(poolId, name, 'password');
    return found && now() - found.last < longestLockMs ? found : undefined;
  }

  return {
    /** Throws LimitExceededException when the wrong codes, or the codes sent, were too many of late. */
    check(who: Attempted, action: Exclude<AttemptAction, 'password'>): void {
      const { count, windowMs } = limits[action];
      if ((current(who, action, windowMs)?.count ?? 0) < count) return;
      throw action === 'mail' ? mailLimitExceeded() : limitExceeded();
    },

    /**
     * Throws NotAuthorizedException. After five wrong passwords each further one locks for twice as long: 1 s, 2 s, …
     * up to 15 minutes. As long without a try makes up for all of them; a try while it is locked counts for nothing.
     */
    checkPasswordLock(who: Attempted): void {
      const failed = wrongPasswords(who);
      if (!failed || failed.count < freePasswords) return;
      const lockMs = Math.min(1000 * 2 ** (failed.count - freePasswords), longestLockMs);
      if (now() - failed.last < lockMs) throw notAuthorized('Password attempts exceeded');
    },

    count(who: Attempted, action: AttemptAction): void {
      const found = action === 'password' ? wrongPasswords(who) : current(who, action, limits[action].windowMs);
      upsert(who.poolId, who.name, action, (found?.count ?? 0) + 1, found?.since ?? now(), now());
    },

    clear(who: Attempted, action: AttemptAction): void {
      remove(who.poolId, who.name, action);
    },
  };
}
