import { z } from 'zod';
import { hashOf, matches } from './secrets.ts';
import type { Storage } from './storage.ts';
import type { OAuthClient } from './types.ts';

const row = z
  .object({ client_id: z.string(), secret_hash: z.string(), redirect_uris: z.string(), name: z.string() })
  .transform((found) => ({
    clientId: found.client_id,
    secretHash: found.secret_hash,
    redirectUris: z.array(z.string()).parse(JSON.parse(found.redirect_uris)),
    name: found.name,
  }));

export type RegisteredClient = z.output<typeof row>;

export interface Clients {
  find(clientId: string): RegisteredClient | undefined;
  /** Makes the client, or replaces its secret and redirect addresses. */
  register(client: OAuthClient): void;
  secretFits(client: RegisteredClient, secret: string): boolean;
}

export function createClients(storage: Storage): Clients {
  const one = storage.select(
    'SELECT client_id, secret_hash, redirect_uris, name FROM clients WHERE client_id = ?',
    row,
  );
  const put = storage.change(
    'INSERT OR REPLACE INTO clients (client_id, secret_hash, redirect_uris, name) VALUES (?, ?, ?, ?)',
  );
  return {
    find: (clientId) => one.get(clientId),
    register({ clientId, clientSecret, redirectUris, name }) {
      put(clientId, hashOf(clientSecret), JSON.stringify(redirectUris), name ?? clientId);
    },
    secretFits: (client, secret) => matches(secret, client.secretHash),
  };
}
