import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { STSClient } from '@aws-sdk/client-sts';
import type { HttpMethod } from '@top-active/core/contracts';

interface SignedRequest {
  method: HttpMethod;
  url: string;
  /** Sent as JSON. */
  body: unknown;
  /** Milliseconds; then the promise rejects. */
  timeoutMs: number;
}

export type SignedFetch = (request: SignedRequest) => Promise<Response>;

/**
 * Calls routes of our own HTTP API that are open to IAM principals only, signed with the credentials of the clients:
 * the process's own.
 */
export function createSignedFetch(clients: {
  sts: { config: Pick<STSClient['config'], 'credentials' | 'region'> };
}): SignedFetch {
  let signer: SignatureV4 | undefined;

  function openSigner(): SignatureV4 {
    // The provider chain that every SDK client of this process uses, with its cache.
    const { credentials, region } = clients.sts.config;
    return new SignatureV4({ service: 'execute-api', credentials, region, sha256: Sha256 });
  }

  return async ({ method, url, body, timeoutMs }) => {
    signer ??= openSigner();
    const { protocol, hostname, port, host, pathname } = new URL(url);
    const text = JSON.stringify(body);
    const signed = await signer.sign({
      method,
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: pathname,
      headers: { host, 'content-type': 'application/json' },
      body: text,
    });
    // `fetch` sets the host itself, to the same.
    const headers = Object.entries(signed.headers).filter(([name]) => name !== 'host');
    return fetch(url, { method, headers, body: text, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  };
}
