import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { codeMismatch, expiredCode } from './errors.ts';
import { attempted, type AttemptStore } from './attempt-store.ts';
import type { User } from './user-store.ts';

const codeRow = z.object({ code: z.string(), expiresAt: z.number() });
const validMs = { 'sign-up': 24 * 3_600_000, 'forgot-password': 3_600_000 };

export type CodePurpose = keyof typeof validMs;
export type CodeStore = ReturnType<typeof createCodeStore>;

export interface CodeCheck {
  user: User;
  purpose: CodePurpose;
  code: string;
}

/** The codes that go out by e-mail. Only the newest of a user and purpose counts. */
export function createCodeStore(db: Database, attempts: AttemptStore, now: () => number) {
  const upsert = db.change(
    `INSERT INTO codes (sub, purpose, code, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (sub, purpose) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at`,
  );
  const select = db.select('SELECT code, expires_at AS expiresAt FROM codes WHERE sub = ? AND purpose = ?', codeRow);
  const remove = db.change('DELETE FROM codes WHERE sub = ? AND purpose = ?');

  return {
    issue(user: User, purpose: CodePurpose): string {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      upsert(user.sub, purpose, code, now() + validMs[purpose]);
      return code;
    },

    /** Throws CodeMismatchException, ExpiredCodeException, LimitExceededException. A right code isn't used up yet. */
    check({ user, purpose, code }: CodeCheck): void {
      const who = attempted(user.poolId, user.sub);
      attempts.check(who, purpose);
      const expected = select.get(user.sub, purpose);
      if (!expected || expected.expiresAt <= now()) throw expiredCode();
      if (expected.code !== code) {
        attempts.count(who, purpose);
        throw codeMismatch();
      }
    },

    /** Once what the code was for is done. */
    useUp(user: User, purpose: CodePurpose): void {
      remove(user.sub, purpose);
      attempts.clear(attempted(user.poolId, user.sub), purpose);
    },
  };
}
