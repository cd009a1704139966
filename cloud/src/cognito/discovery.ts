import type { WireRequest, WireResponse } from '../wire/server.ts';
import type { PoolStore } from './pool-store.ts';
import type { TokenSigner } from './token-signer.ts';

const path = /^\/([\w-]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

export interface DiscoveryOptions {
  pools: PoolStore;
  signer: TokenSigner;
  endpoint: () => string;
}

/** A pool's public documents, for whoever verifies tokens; undefined for any other request. */
export function createDiscovery({ pools, signer, endpoint }: DiscoveryOptions) {
  return ({ method, path: requested }: WireRequest): WireResponse | undefined => {
    const [, poolId, document] = path.exec(requested) ?? [];
    if (method !== 'GET' || poolId === undefined) return undefined;
    if (!pools.hasPool(poolId)) return json(404, { message: `User pool ${poolId} does not exist.` });
    if (document === 'jwks.json') return json(200, signer.jwks);
    return json(200, {
      issuer: signer.issuer(poolId),
      jwks_uri: `${endpoint()}/${poolId}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
    });
  };
}

function json(status: number, document: object): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}
