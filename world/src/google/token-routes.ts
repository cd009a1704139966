import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Accounts } from './accounts.ts';
import { bearerOf } from './bearer.ts';
import type { CallLog } from './call-log.ts';
import type { Clients, RegisteredClient } from './clients.ts';
import type { Faults } from './faults.ts';
import { accessTokenLifetime, type Grants } from './grants.ts';
import { GoogleError } from './google-error.ts';
import { claimsOf, type IdTokens } from './id-tokens.ts';
import { parseScopes } from './scopes.ts';
import type { Grant, Now } from './types.ts';

interface Parts {
  accounts: Accounts;
  clients: Clients;
  grants: Grants;
  idTokens: IdTokens;
  log: CallLog;
  faults: Faults;
  now: Now;
}

/** An error answer of the token endpoint, RFC 6749 section 5.2 with Google's wording. */
class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code: string;
  readonly status: ContentfulStatusCode;

  constructor(code: string, description: string, status: ContentfulStatusCode = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}

const badGrant: Record<string, [code: string, description: string]> = {
  unknown: ['invalid_grant', 'Bad Request'],
  redirect_uri: ['redirect_uri_mismatch', 'Bad Request'],
  missing_verifier: ['invalid_grant', 'Missing code verifier.'],
  verifier: ['invalid_grant', 'Invalid code verifier.'],
};

/** Token, revocation, token information, user information and signing keys. */
export function tokenRoutes({ accounts, clients, grants, idTokens, log, faults, now }: Parts): Hono {
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof GoogleError) return c.json({ error: 'internal_failure' }, error.options.code);
    if (!(error instanceof TokenError)) throw error;
    return c.json({ error: error.code, error_description: error.message }, error.status);
  });

  app.post('/token', async (c) => {
    const form = await readForm(c);
    const type = form.get('grant_type') ?? '';
    const entry = log.begin(`oauth2.token.${type || 'none'}`);
    try {
      await faults.strike({ operation: entry.operation, account: undefined, signal: c.req.raw.signal });
      const client = authenticateClient(c, form);
      const answer = type === 'authorization_code' ? exchangeCode(form, client) : refreshAccess(form, client, type);
      entry.account = answer.grant.email;
      c.header('cache-control', 'no-store');
      return c.json(await tokenAnswer(answer));
    } catch (error) {
      entry.status = error instanceof TokenError ? error.status : 500;
      throw error;
    }
  });

  interface Answer {
    grant: Grant;
    refreshToken: string | undefined;
    nonce: string | undefined;
  }

  function exchangeCode(form: URLSearchParams, client: RegisteredClient): Answer {
    const redeemed = grants.redeemCode({
      code: required(form, 'code'),
      clientId: client.clientId,
      redirectUri: required(form, 'redirect_uri'),
      codeVerifier: form.get('code_verifier') ?? '',
    });
    if (!redeemed.ok) throw new TokenError(...(badGrant[redeemed.reason] ?? ['invalid_grant', 'Bad Request']));
    const refreshToken = redeemed.refresh ? grants.issueRefreshToken(redeemed.grant) : undefined;
    return { grant: redeemed.grant, refreshToken, nonce: redeemed.nonce };
  }

  function refreshAccess(form: URLSearchParams, client: RegisteredClient, type: string): Answer {
    if (type !== 'refresh_token') throw new TokenError('unsupported_grant_type', `Invalid grant_type: ${type}`);
    const grant = grants.findRefreshToken(required(form, 'refresh_token'));
    if (!grant || grant.clientId !== client.clientId)
      throw new TokenError('invalid_grant', 'Token has been expired or revoked.');
    const narrowed = parseScopes(form.get('scope') ?? '');
    const beyond = narrowed.filter((scope) => !grant.scopes.includes(scope));
    if (beyond.length > 0)
      throw new TokenError('invalid_scope', `Some requested scopes were invalid: ${beyond.join(', ')}`);
    return {
      grant: narrowed.length > 0 ? { ...grant, scopes: narrowed } : grant,
      refreshToken: undefined,
      nonce: undefined,
    };
  }

  async function tokenAnswer({ grant, refreshToken, nonce }: Answer): Promise<object> {
    const account = accounts.find(grant.email);
    if (!account) throw new TokenError('invalid_grant', 'Bad Request');
    return {
      access_token: grants.issueAccessToken(grant),
      expires_in: accessTokenLifetime,
      ...(refreshToken && { refresh_token: refreshToken }),
      scope: grant.scopes.join(' '),
      token_type: 'Bearer',
      ...(grant.scopes.includes('openid') && {
        id_token: await idTokens.sign({ clientId: grant.clientId, account, scopes: grant.scopes, nonce }),
      }),
    };
  }

  function authenticateClient(c: Context, form: URLSearchParams): RegisteredClient {
    const basic = /^Basic\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString().split(':') : [];
    const clientId = basicId ?? form.get('client_id');
    if (!clientId) throw new TokenError('invalid_request', 'Could not determine client ID from request.');
    const client = clients.find(clientId);
    if (!client) throw new TokenError('invalid_client', 'The OAuth client was not found.', 401);
    const secret = basicSecret ?? form.get('client_secret');
    if (!secret) throw new TokenError('invalid_request', 'client_secret is missing.');
    if (!clients.secretFits(client, secret))
      throw new TokenError('invalid_client', 'The provided client secret is invalid.', 401);
    return client;
  }

  app.post('/revoke', async (c) => {
    const entry = log.begin('oauth2.revoke');
    const token = c.req.query('token') ?? (await readForm(c)).get('token') ?? '';
    const grant = grants.findAccessToken(token) ?? grants.findRefreshToken(token);
    entry.account = grant?.email;
    await faults.strike({ operation: entry.operation, account: entry.account, signal: c.req.raw.signal });
    if (grants.revokeToken(token)) return c.json({});
    entry.status = 400;
    throw new TokenError('invalid_token', 'Token expired or revoked');
  });

  app.on(['GET', 'POST'], '/tokeninfo', async (c) => {
    const form = c.req.method === 'POST' ? await readForm(c) : undefined;
    const token = c.req.query('access_token') ?? form?.get('access_token') ?? bearerOf(c) ?? '';
    const found = grants.findAccessToken(token);
    const account = found && accounts.find(found.email);
    if (!found || !account) throw new TokenError('invalid_token', 'Invalid Value');
    return c.json({
      azp: found.clientId,
      aud: found.clientId,
      scope: found.scopes.join(' '),
      exp: String(Math.floor(found.expiresAt / 1000)),
      expires_in: String(Math.max(0, Math.floor((found.expiresAt - now()) / 1000))),
      access_type: 'offline',
      ...claimsOf(account, found.scopes),
    });
  });

  app.on(['GET', 'POST'], ['/oauth2/v3/userinfo', '/v1/userinfo'], (c) => {
    const found = grants.findAccessToken(bearerOf(c) ?? '');
    const account = found && accounts.find(found.email);
    const entry = log.begin('oauth2.userinfo', account?.email);
    if (found && account) return c.json(claimsOf(account, found.scopes));
    entry.status = 401;
    c.header('www-authenticate', 'Bearer realm="https://accounts.google.com/", error="invalid_token"');
    return c.json({ error: 'invalid_request', error_description: 'Invalid Credentials' }, 401);
  });

  app.get('/oauth2/v3/certs', async (c) => c.json(await idTokens.jwks()));
  app.get('/oauth2/v1/certs', async (c) => c.json(await idTokens.pems()));

  return app;
}

async function readForm(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text());
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw new TokenError('invalid_request', `Missing required parameter: ${name}`);
  return value;
}
