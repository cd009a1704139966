import { createHmac, timingSafeEqual } from 'node:crypto';
import { cognitoError, notAuthorized } from './errors.ts';
import type { Client } from './pool-store.ts';

/**
 * Whoever talks as a confidential client proves it for each username that they name, in the very text of the request.
 * Throws NotAuthorizedException.
 */
export function checkSecretHash(client: Client, username: string, given: string | undefined): void {
  if (client.secret === null) {
    if (given === undefined) return;
    throw notAuthorized(`Client ${client.id} is not configured for secret but secret was received`);
  }
  if (given === undefined)
    throw notAuthorized(`Client ${client.id} is configured with secret but SECRET_HASH was not received`);
  const expected = createHmac('sha256', client.secret).update(`${username}${client.id}`).digest('base64');
  if (!equal(expected, given)) throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
}

/** Where no username is named the secret itself is sent. Throws NotAuthorizedException. */
export function checkSecret(client: Client, given: string | undefined): void {
  if (!secretFits(client, given)) throw notAuthorized(`Unable to verify secret for client ${client.id}`);
}

/** The same at the revocation of a token. Throws UnauthorizedException. */
export function checkSecretOfRevocation(client: Client, given: string | undefined): void {
  if (!secretFits(client, given)) throw cognitoError('UnauthorizedException', 'Invalid client secret');
}

function secretFits({ secret }: Client, given: string | undefined): boolean {
  return secret === null ? given === undefined : given !== undefined && equal(secret, given);
}

function equal(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
