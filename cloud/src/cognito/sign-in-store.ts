import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { flagColumn } from './database.ts';
import { cognitoError, notAuthorized } from './errors.ts';
import { hashToken, newOpaqueToken } from './opaque-token.ts';
import { tokenLifetimes } from './pool-config.ts';
import type { Client } from './pool-store.ts';
import type { User } from './user-store.ts';

const signInRow = z.object({
  originJti: z.string(),
  sub: z.string(),
  clientId: z.string(),
  eventId: z.string(),
  /** Unix milliseconds, like all times here. */
  authTime: z.number(),
  /** Of the refresh token; those that it is rotated into end at the same time. */
  expiresAt: z.number(),
  revoked: flagColumn,
});
const refreshTokenRow = signInRow.extend({ rotatedAt: z.number().nullable() });

/** One sign-in and all tokens that come of it. */
export type SignIn = z.output<typeof signInRow>;
export type SignInStore = ReturnType<typeof createSignInStore>;

export function createSignInStore(db: Database, now: () => number) {
  const columns = `s.origin_jti AS originJti, s.sub, s.client_id AS clientId, s.event_id AS eventId,
    s.auth_time AS authTime, s.expires_at AS expiresAt, s.revoked`;
  const insertSignIn = db.change(
    'INSERT INTO sign_ins (origin_jti, sub, client_id, event_id, auth_time, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const selectSignIn = db.select(`SELECT ${columns} FROM sign_ins s WHERE s.origin_jti = ?`, signInRow);
  const selectByToken = db.select(
    `SELECT ${columns}, r.rotated_at AS rotatedAt FROM refresh_tokens r JOIN sign_ins s ON s.origin_jti = r.origin_jti
     WHERE r.hash = ?`,
    refreshTokenRow,
  );
  const insertToken = db.change('INSERT INTO refresh_tokens (hash, origin_jti) VALUES (?, ?)');
  const markRotated = db.change('UPDATE refresh_tokens SET rotated_at = ? WHERE hash = ? AND rotated_at IS NULL');
  const revoke = db.change('UPDATE sign_ins SET revoked = 1 WHERE origin_jti = ?');
  const revokeAll = db.change('UPDATE sign_ins SET revoked = 1 WHERE sub = ?');
  const removeExpired = db.change('DELETE FROM sign_ins WHERE expires_at < ?');

  function newRefreshToken(originJti: string): string {
    const { token, hash } = newOpaqueToken();
    insertToken(hash, originJti);
    return token;
  }

  return {
    start(user: User, client: Client): { signIn: SignIn; refreshToken: string } {
      const signIn: SignIn = {
        originJti: randomUUID(),
        sub: user.sub,
        clientId: client.id,
        eventId: randomUUID(),
        authTime: now(),
        expiresAt: now() + tokenLifetimes(client.config).refresh * 1000,
        revoked: false,
      };
      return db.transaction(() => {
        removeExpired(now());
        insertSignIn(signIn.originJti, user.sub, client.id, signIn.eventId, signIn.authTime, signIn.expiresAt);
        return { signIn, refreshToken: newRefreshToken(signIn.originJti) };
      });
    },

    /**
     * A refresh token's sign-in, and the token that replaces it where the client rotates them.
     * Throws NotAuthorizedException, or RefreshTokenReuseException for one that was replaced longer ago than the grace.
     */
    refresh(refreshToken: string, client: Client): { signIn: SignIn; replacement: string | undefined } {
      const hash = hashToken(refreshToken);
      const found = selectByToken.get(hash);
      if (!found || found.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
      if (found.revoked) throw notAuthorized('Refresh Token has been revoked');
      if (found.expiresAt <= now()) throw notAuthorized('Refresh Token has expired');
      const { rotatedAt, ...signIn } = found;
      const { Feature, RetryGracePeriodSeconds } = client.config.RefreshTokenRotation;
      if (rotatedAt !== null && now() - rotatedAt >= RetryGracePeriodSeconds * 1000) {
        throw cognitoError('RefreshTokenReuseException', 'Refresh Token has been invalidated by rotation');
      }
      if (Feature === 'DISABLED') return { signIn, replacement: undefined };
      return db.transaction(() => {
        markRotated(now(), hash);
        return { signIn, replacement: newRefreshToken(signIn.originJti) };
      });
    },

    find: (originJti: string): SignIn | undefined => selectSignIn.get(originJti),
    findByRefreshToken: (refreshToken: string): SignIn | undefined => selectByToken.get(hashToken(refreshToken)),
    /** Ends the sign-in: none of its tokens is accepted from now on. */
    revoke: (signIn: SignIn) => revoke(signIn.originJti),
    revokeAll: (user: User) => revokeAll(user.sub),
  };
}
