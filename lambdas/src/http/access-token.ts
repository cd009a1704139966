import { awsEnvSchema, logger } from '@top-active/aws';
import { accessClaimsSchema, type AccessClaims } from '@top-active/core/domain';
import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksValidationError, JwtInvalidAudienceError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { z } from 'zod';

/** What it takes to know the user pool's access tokens. */
export const accessTokenEnvSchema = awsEnvSchema.pick({ TOKEN_ISSUER: true, USER_POOL_CLIENT_ID: true });

/**
 * Verifies an Authorization header: signature, issuer, client, use and time.
 * @returns whose access token it is; undefined for anything else
 * @throws Error when the user pool's keys can't be got: then nobody knows
 */
export type VerifyAccessToken = (authorization: string | undefined) => Promise<AccessClaims | undefined>;

/** As long as API Gateway's own authorizer waits for them. */
const keysTimeoutMs = 1_500;
const keysAttempts = 2;

/**
 * The function's own check of access tokens, whatever API Gateway says of them. The keys are fetched at the first token
 * of an instance, and again only for one that names a key that isn't among them, at most every 10 s.
 */
export function createAccessTokenVerifier(env: z.infer<typeof accessTokenEnvSchema>): VerifyAccessToken {
  const { TOKEN_ISSUER: issuer, USER_POOL_CLIENT_ID: clientId } = env;
  const verifier = JwtVerifier.create(
    {
      issuer,
      // See "Verifying JSON web tokens" in Cognito's developer guide.
      jwksUri: `${issuer}/.well-known/jwks.json`,
      // Access tokens of Cognito name their client in another claim.
      audience: null,
      customJwtCheck({ payload }) {
        if (payload['client_id'] !== clientId)
          throw new JwtInvalidAudienceError('Made for another client', JSON.stringify(payload['client_id']), clientId);
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
  return async (authorization) => {
    const token = /^(?:Bearer\s+)?(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    if (token === undefined) return undefined;
    try {
      return accessClaimsSchema.safeParse(await verifier.verify(token)).data;
    } catch (error) {
      if (error instanceof FetchError || error instanceof JwksValidationError) throw error;
      logger.info('Access token refused', { why: error instanceof Error ? error.constructor.name : 'unknown' });
      return undefined;
    }
  };
}

/** The library's own fetcher knows HTTPS only, which the issuer of a laptop hasn't. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(uri, { signal: AbortSignal.timeout(keysTimeoutMs), redirect: 'error' });
      if (!response.ok) throw new Error(`Status ${response.status}`);
      return await response.arrayBuffer();
    } catch (error) {
      if (attempt >= keysAttempts) throw new FetchError(uri, error);
    }
  }
}
