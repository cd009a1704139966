import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { keys } from '../items/keys.ts';
import type { SecretBox, SecretContext } from '../secrets/secret-box.ts';
import { expiryAfter } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

export interface OAuthStateStore {
  /**
   * Keeps the PKCE verifier (sealed) for 10 minutes. `browser` is the nonce of the cookie that the callback must bring;
   * `sessionId` the login that began it.
   */
  create(input: {
    state: string;
    verifier: string;
    browser: string;
    redirect: string;
    sessionId: string;
  }): Promise<void>;
  /** One use: whoever asks first gets it. Undefined when unknown, used, expired, or begun in another browser. */
  consume(input: {
    state: string;
    browser: string;
  }): Promise<{ verifier: string; redirect: string; sessionId: string } | undefined>;
}

const keepSeconds = 600;
const recordSchema = z.object({
  verifier: z.instanceof(Uint8Array),
  browser: z.string(),
  redirect: z.string(),
  sessionId: z.string(),
});

export function createOAuthStateStore(
  { items, now }: StoreContext,
  {
    secrets,
    secretContext,
  }: { secrets: SecretBox; secretContext: (sk: string) => Pick<SecretContext, 'table' | 'pk' | 'sk'> },
): OAuthStateStore {
  const context = (sk: string): SecretContext => ({ ...secretContext(sk), field: 'verifier', version: 1 });

  return {
    async create({ state, verifier, browser, redirect, sessionId }) {
      const sk = keys.oauthState(sha256(state));
      const sealed = await secrets.seal('oauth', context(sk), verifier);
      const expiresAt = expiryAfter(now(), keepSeconds);
      const item = { verifier: sealed, browser: sha256(browser), redirect, sessionId, expiresAt };
      if (!(await items.write({ kind: 'put', sk, item, condition: 'absent' })))
        throw new Error('OAuth state was used before');
    },
    async consume({ state, browser }) {
      const sk = keys.oauthState(sha256(state));
      const record = await items.take(sk, recordSchema);
      if (!record || !timingSafeEqual(Buffer.from(record.browser), Buffer.from(sha256(browser)))) return undefined;
      const verifier = await secrets.open('oauth', context(sk), record.verifier);
      return { verifier: verifier.toString('utf8'), redirect: record.redirect, sessionId: record.sessionId };
    },
  };
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
