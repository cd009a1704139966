import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { z } from 'zod';

const accessTokenClaims = z.object({
  sub: z.string(),
  origin_jti: z.string(),
  client_id: z.string(),
  token_use: z.literal('access'),
  /** Unix seconds. */
  exp: z.number(),
  iat: z.number(),
  auth_time: z.number(),
  username: z.string(),
  scope: z.string(),
});

export type AccessTokenClaims = z.output<typeof accessTokenClaims>;

export interface AccessTokenVerifierOptions {
  issuer: string;
  jwksUri: string;
  clientId: string;
}

const fetchTimeoutMs = 3_000;

/**
 * Verifies Cognito access tokens where issuer and key set are plain HTTP, which CognitoJwtVerifier doesn't take.
 * An access token has no `aud`, so its client and use are checked by hand.
 */
export function createAccessTokenVerifier({ issuer, jwksUri, clientId }: AccessTokenVerifierOptions) {
  const verifier = JwtVerifier.create(
    {
      issuer,
      audience: null,
      jwksUri,
      customJwtCheck({ payload }) {
        if (payload.token_use !== 'access') throw new Error('Not an access token');
        if (payload.client_id !== clientId) throw new Error('A token of another client');
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchBytes } }) },
  );
  return {
    /** Rejects unless the token is one of this client, unchanged and unexpired. Doesn't know of revocation. */
    verify: async (token: string): Promise<AccessTokenClaims> => accessTokenClaims.parse(await verifier.verify(token)),
  };
}

async function fetchBytes(uri: string): Promise<ArrayBuffer> {
  const response = await fetch(uri, { signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (!response.ok) throw new Error(`${uri} answered ${response.status}`);
  return response.arrayBuffer();
}
