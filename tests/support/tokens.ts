import { createPrivateKey, sign, type JsonWebKey } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const jwkSchema = z.looseObject({ kty: z.literal('RSA') });

export type Claims = Readonly<Record<string, unknown>>;

export function claimsOf(token: string): Claims {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(decode(token.split('.')[1])));
}

/** A token as this stack's Cognito would sign it, with other claims: what only waiting could produce otherwise. */
export function signAs(dir: string, token: string, claims: Claims): string {
  const [header = ''] = token.split('.');
  const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(decode(header)));
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const key = createPrivateKey({ key: readSigningKey(dir, kid), format: 'jwk' });
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The same signature under claims that somebody changed. */
export function tamper(token: string, changes: Claims): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), ...changes })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

/** Logs in at Cognito itself, which answers an ID token beside the access token. */
export async function idTokenOf(accessToken: string, user: { email: string; password: string }): Promise<string> {
  const { iss, client_id: clientId } = z.object({ iss: z.url(), client_id: z.string() }).parse(claimsOf(accessToken));
  const response = await fetch(new URL(iss).origin, {
    method: 'POST',
    signal: AbortSignal.timeout(10_000),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: user.email, PASSWORD: user.password },
    }),
  });
  return z.object({ AuthenticationResult: z.object({ IdToken: z.string() }) }).parse(await response.json())
    .AuthenticationResult.IdToken;
}

function readSigningKey(dir: string, kid: string): JsonWebKey {
  const db = new DatabaseSync(join(dir, 'cognito', 'cognito.sqlite'), { readOnly: true });
  try {
    const row = db.prepare('SELECT private_jwk AS jwk FROM signing_keys WHERE kid = ?').get(kid);
    return jwkSchema.parse(JSON.parse(z.object({ jwk: z.string() }).parse(row).jwk));
  } finally {
    db.close();
  }
}

function decode(part = ''): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
