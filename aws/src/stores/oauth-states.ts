export interface OAuthStateStore {
  /** Keeps the PKCE verifier (sealed) for 10 minutes. `browser` is the nonce of the cookie that the callback must bring. */
  create(input: { state: string; verifier: string; browser: string; redirect: string }): Promise<void>;
  /** One use: whoever asks first gets it. Undefined when unknown, used, expired, or begun in another browser. */
  consume(input: { state: string; browser: string }): Promise<{ verifier: string; redirect: string } | undefined>;
}
