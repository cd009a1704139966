import { z } from 'zod';
import { userIdSchema, type UserId } from '../contracts/ids.ts';

/** Whose access token it is, and of which login. */
export interface AccessClaims {
  userId: UserId;
  /** `origin_jti`: stays the same from login to logout, over all refreshes. */
  sessionId: string;
  /** When password or code were checked: epoch seconds. */
  authTime: number;
}

/**
 * The claims of an access token, as user pool and API Gateway hand them over. An ID token has the same signature and
 * passes API Gateway's authorizer, but it isn't meant for an API.
 *
 * The user id is the `username`, which we choose at the registration. `sub` is Cognito's own and belongs to nothing
 * here.
 */
export const accessClaimsSchema: z.ZodType<AccessClaims> = z
  .object({
    username: userIdSchema,
    token_use: z.literal('access'),
    origin_jti: z.string().min(1),
    auth_time: z.coerce.number().int(),
  })
  .transform(({ username, origin_jti: sessionId, auth_time: authTime }) => ({ userId: username, sessionId, authTime }));

/**
 * What a token says that came from the user pool just now, over TLS: its signature needs no proof.
 * @throws {z.ZodError} when it is no access token of a user
 */
export function accessClaimsOf(accessToken: string): AccessClaims {
  const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8');
  return accessClaimsSchema.parse(JSON.parse(payload));
}
