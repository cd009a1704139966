import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { instantSchema } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import { expiryAfter, instant } from '../items/instants.ts';
import { keys, prefixes } from '../items/keys.ts';
import { TransactionRefused } from '../items/transaction-refused.ts';
import type { StoreContext } from './store-context.ts';

/** `reuse`: a refresh token was used that had been replaced long before, so somebody has a copy. */
const whySchema = z.enum(['logout', 'new_password', 'erasure', 'reuse']);
export type EndOfLogin = z.infer<typeof whySchema>;

const recordSchema = z.object({
  /** `origin_jti`, in each access token of the login. */
  sessionId: z.string(),
  startedAt: instantSchema,
  /** When its tokens were refreshed last. */
  lastSeenAt: instantSchema,
  /** SHA-256 of what its browser's cookie proves the login by. */
  proof: z.string(),
  endedAt: instantSchema.optional(),
  why: whySchema.optional(),
});
export type LoginRecord = z.infer<typeof recordSchema>;

/**
 * Who is logged in: one item for each login, from the password to the logout. Whoever comes with an access token of a
 * login that isn't here, or has ended, is refused, however long the token is good for. Every answer is read anew.
 */
export interface LoginStore {
  /**
   * @param login.authTime when Cognito saw password or code, in seconds
   * @returns what the browser's cookie is to prove the login by
   * @throws {AppError} `session_expired` when all logins of that time were ended meanwhile
   */
  begin(login: { sessionId: string; authTime: number }): Promise<{ proof: string }>;
  isLive(sessionId: string): Promise<boolean>;
  /** The login that a cookie belongs to, ended or not; undefined when it proves none. */
  prove(cookie: { sessionId: string; proof: string }): Promise<LoginRecord | undefined>;
  /** False: it has ended. */
  noteSeen(sessionId: string): Promise<boolean>;
  end(sessionId: string, why: EndOfLogin): Promise<void>;
  /** Ends all there are, and every one whose password was checked before now. */
  endAll(why: Extract<EndOfLogin, 'new_password' | 'erasure'>): Promise<void>;
}

/** A little longer than the user pool's refresh tokens. */
const keepSeconds = 31 * 24 * 3600;

export function createLoginStore({ items, now }: Pick<StoreContext, 'items' | 'now'>): LoginStore {
  const find = (sessionId: string) => items.get(keys.login(sessionId), recordSchema);

  async function end(sessionId: string, why: EndOfLogin): Promise<void> {
    const set = { endedAt: instant(now()), why };
    // Why it ended first is what counts.
    await items.write({
      kind: 'update',
      sk: keys.login(sessionId),
      set,
      condition: { sessionId, endedAt: undefined },
    });
  }

  return {
    async begin({ sessionId, authTime }) {
      const proof = randomBytes(32).toString('base64url');
      const at = instant(now());
      const login: LoginRecord = { sessionId, startedAt: at, lastSeenAt: at, proof: sha256(proof) };
      const item = { ...login, expiresAt: expiryAfter(now(), keepSeconds) };
      try {
        await items.transact([
          { kind: 'check', sk: keys.loginsEnded, condition: { erased: undefined, before: { atMost: authTime } } },
          { kind: 'put', sk: keys.login(sessionId), item, condition: 'absent' },
        ]);
        return { proof };
      } catch (cause) {
        if (cause instanceof TransactionRefused) throw new AppError('session_expired', { cause });
        throw cause;
      }
    },
    async isLive(sessionId) {
      const login = await find(sessionId);
      return login !== undefined && login.endedAt === undefined;
    },
    async prove({ sessionId, proof }) {
      const login = await find(sessionId);
      return login && timingSafeEqual(Buffer.from(login.proof), Buffer.from(sha256(proof))) ? login : undefined;
    },
    noteSeen: (sessionId) =>
      items.write({
        kind: 'update',
        sk: keys.login(sessionId),
        set: { lastSeenAt: instant(now()) },
        condition: { sessionId, endedAt: undefined },
      }),
    end,
    async endAll(why) {
      const before = Math.floor(now() / 1000);
      // First: a login that begins now either sees this, or is in the list.
      const set = { before, ...(why === 'erasure' && { erased: true }) };
      await items.write({ kind: 'update', sk: keys.loginsEnded, set });
      const logins = await items.query({ prefix: prefixes.login }, recordSchema);
      await Promise.all(logins.map(({ sessionId }) => end(sessionId, why)));
    },
  };
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
