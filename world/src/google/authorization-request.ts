import type { Clients, RegisteredClient } from './clients.ts';
import { isKnownScope, parseScopes } from './scopes.ts';

/** A checked request to the authorization endpoint. */
export interface AuthorizationRequest {
  client: RegisteredClient;
  redirectUri: string;
  scopes: string[];
  state: string | undefined;
  codeChallenge: string;
  offline: boolean;
  /** `prompt` split into its words. */
  prompt: string[];
  includeGranted: boolean;
  loginHint: string | undefined;
  nonce: string | undefined;
}

/** Shown to the person; Google doesn't send them back to an address it doesn't trust yet. */
export interface AuthorizationRefusal {
  error: 'invalid_request' | 'invalid_client' | 'redirect_uri_mismatch' | 'unsupported_response_type' | 'invalid_scope';
  description: string;
}

type Outcome = { ok: true; request: AuthorizationRequest } | { ok: false; refusal: AuthorizationRefusal };

/** https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient, with PKCE (RFC 7636) demanded. */
export function readAuthorizationRequest(query: Record<string, string>, clients: Clients): Outcome {
  const { client_id: clientId, redirect_uri: redirectUri, scope, code_challenge: codeChallenge } = query;
  if (!clientId) return refused('invalid_request', 'Missing required parameter: client_id');
  const client = clients.find(clientId);
  if (!client) return refused('invalid_client', 'The OAuth client was not found.');
  if (!redirectUri) return refused('invalid_request', 'Missing required parameter: redirect_uri');
  if (!client.redirectUris.includes(redirectUri))
    return refused('redirect_uri_mismatch', `redirect_uri=${redirectUri} is not registered for this client.`);
  if (!query.response_type) return refused('invalid_request', 'Missing required parameter: response_type');
  if (query.response_type !== 'code')
    return refused('unsupported_response_type', `response_type=${query.response_type} is not supported: use code.`);
  const scopes = parseScopes(scope ?? '');
  if (scopes.length === 0) return refused('invalid_request', 'Missing required parameter: scope');
  const unknown = scopes.filter((name) => !isKnownScope(name));
  if (unknown.length > 0) return refused('invalid_scope', `Some requested scopes were invalid: ${unknown.join(', ')}`);
  if (!codeChallenge) return refused('invalid_request', 'Missing required parameter: code_challenge');
  if (query.code_challenge_method !== 'S256') return refused('invalid_request', 'code_challenge_method must be S256.');
  if (!/^[A-Za-z0-9_-]{43}$/.test(codeChallenge))
    return refused('invalid_request', 'code_challenge is not a base64url encoded SHA-256 digest.');
  if (query.access_type && !['offline', 'online'].includes(query.access_type))
    return refused('invalid_request', `Invalid parameter value for access_type: ${query.access_type}`);
  return {
    ok: true,
    request: {
      client,
      redirectUri,
      scopes,
      state: query.state,
      codeChallenge,
      offline: query.access_type === 'offline',
      prompt: (query.prompt ?? '').split(/\s+/).filter(Boolean),
      includeGranted: query.include_granted_scopes === 'true',
      loginHint: query.login_hint,
      nonce: query.nonce,
    },
  };
}

function refused(error: AuthorizationRefusal['error'], description: string): Outcome {
  return { ok: false, refusal: { error, description } };
}
