import { JwtVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

export interface JwtSettings {
  issuer: string;
  /** Must equal the token's `aud` or, where it has none, its `client_id`. */
  audience: string | readonly string[];
  /** May be http: the issuer of a laptop. */
  jwksUri: string;
}

/** As `requestContext.authorizer.jwt` shows it: every claim is a string. */
export interface JwtAuthorization {
  claims: Record<string, string>;
  scopes: null;
}

type JwtOutcome =
  | { allowed: true; jwt: JwtAuthorization }
  /** `challenge`: value of the WWW-Authenticate header. */
  | { allowed: false; challenge: string };

export type AuthorizeJwt = (authorization: string | undefined) => Promise<JwtOutcome>;

const fetchTimeoutMs = 5_000;

/**
 * A JWT authorizer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function createJwtAuthorizer(
  { issuer, audience, jwksUri }: JwtSettings,
  onError: (error: unknown) => void,
): AuthorizeJwt {
  const audiences = [audience].flat();
  const verifier = JwtVerifier.create(
    {
      issuer,
      jwksUri,
      audience: null,
      customJwtCheck({ payload }) {
        const given = [payload.aud ?? payload.client_id].flat();
        if (!given.some((one) => typeof one === 'string' && audiences.includes(one)))
          throw new JwtInvalidAudienceError('Audience not allowed', JSON.stringify(given), audiences);
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchJwks } }) },
  );
  return async (authorization) => {
    const token = /^(?:Bearer\s+)?(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    if (token === undefined) return { allowed: false, challenge: 'Bearer' };
    try {
      const payload = await verifier.verify(token);
      const claims = Object.entries(payload).map(([name, value]) => [name, claimText(value)]);
      return { allowed: true, jwt: { claims: Object.fromEntries(claims), scopes: null } };
    } catch (error) {
      if (error instanceof FetchError) onError(error);
      const challenge = `Bearer scope="" error="invalid_token" error_description="${describe(error)}"`;
      return { allowed: false, challenge };
    }
  };
}

async function fetchJwks(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (!response.ok) throw new Error(`Status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new FetchError(uri, error);
  }
}

function describe(error: unknown): string {
  if (error instanceof JwtExpiredError) return 'the token has expired';
  if (error instanceof JwtNotBeforeError) return 'the token is not valid yet';
  if (error instanceof JwtInvalidIssuerError) return 'the token has an invalid issuer';
  if (error instanceof JwtInvalidAudienceError) return 'the token does not have a valid audience';
  if (error instanceof JwtInvalidSignatureError) return 'the token has an invalid signature';
  if (error instanceof FetchError) return 'OIDC discovery endpoint communication error';
  return 'the token is invalid';
}

/** `["a","b"]` becomes `[a b]`: API Gateway writes claims as Go prints values. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([name, inner]) => `${name}:${claimText(inner)}`).join(' ')}]`;
  }
  return String(value);
}
