/* oxlint-disable unicorn/consistent-function-scoping -- the source of one function is all that the page gets */
/** The part of the browser's interface that is used; the function runs in WhatsApp's page. */
interface Page {
  [name: string]: unknown;
  top: unknown;
  self: unknown;
}
interface GetOptions {
  publicKey?: {
    challenge: ArrayBuffer | ArrayBufferView;
    rpId?: string;
    timeout?: number;
    allowCredentials?: { id: ArrayBuffer | ArrayBufferView; transports?: string[] }[];
    extensions?: { uvm?: boolean };
  };
  mediation?: string;
  signal?: AbortSignal;
}
interface CredentialJson {
  id: string;
  rawId: string;
  authenticatorAttachment?: string;
  clientExtensionResults: object;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string };
}
declare const window: Page;
declare const location: { origin: string; hostname: string };
declare const CredentialsContainer: { prototype: { get: (options?: GetOptions) => Promise<unknown> } };
declare const AuthenticatorAssertionResponse: { prototype: object };
declare const PublicKeyCredential: {
  prototype: object;
  isUserVerifyingPlatformAuthenticatorAvailable: () => Promise<boolean>;
  getClientCapabilities?: () => Promise<object>;
};

/**
 * Runs before the page's own scripts and stands in for `navigator.credentials.get`: there is no passkey here, the owner
 * has it. What the page asks goes out by the binding; the answer comes in by a function under a random name.
 * Self-contained, since its source is what the page gets.
 */
export function interceptPasskeys({
  bindingName,
  answerName,
  origin,
  site,
}: {
  bindingName: string;
  answerName: string;
  origin: string;
  site: string;
}): void {
  const tell = window[bindingName];
  // The page must find neither.
  delete window[bindingName];
  if (window.top !== window.self || location.origin !== origin || typeof tell !== 'function') return;

  const longestMs = 600_000;
  const original = CredentialsContainer.prototype.get;
  const { stringify } = JSON;
  let pending: { id: number; settle: (credential: CredentialJson | null) => void } | undefined;
  let count = 0;

  const toText = (source: ArrayBuffer | ArrayBufferView): string => {
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };
  const toBuffer = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
      .buffer;
  const define = (target: object, values: Record<string, unknown>): object => {
    for (const name in values) Object.defineProperty(target, name, { value: values[name], configurable: true });
    return target;
  };

  const toCredential = (json: CredentialJson): object => {
    const { clientDataJSON, authenticatorData, signature, userHandle } = json.response;
    const response = define(Object.create(AuthenticatorAssertionResponse.prototype), {
      clientDataJSON: toBuffer(clientDataJSON),
      authenticatorData: toBuffer(authenticatorData),
      signature: toBuffer(signature),
      userHandle: userHandle === undefined ? null : toBuffer(userHandle),
    });
    return define(Object.create(PublicKeyCredential.prototype), {
      id: json.id,
      rawId: toBuffer(json.rawId),
      type: 'public-key',
      authenticatorAttachment: json.authenticatorAttachment ?? null,
      response,
      getClientExtensionResults: () => structuredClone(json.clientExtensionResults),
      toJSON: () => structuredClone(json),
    });
  };

  const ask = (request: NonNullable<GetOptions['publicKey']>, signal: AbortSignal | undefined): Promise<unknown> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if ((request.rpId ?? location.hostname) !== site)
      return Promise.reject(new DOMException('The relying party ID is not one of this page.', 'SecurityError'));
    if (pending) return Promise.reject(new DOMException('A request is already pending.', 'OperationError'));
    return new Promise((resolve, reject) => {
      count += 1;
      const id = count;
      const timeoutMs = Math.min(Math.max(request.timeout ?? longestMs, 1_000), longestMs);
      const over = () => {
        pending = undefined;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const refuse = () =>
        reject(new DOMException('The operation either timed out or was not allowed.', 'NotAllowedError'));
      const abort = () => {
        over();
        tell(stringify({ type: 'ended', id, why: 'withdrawn' }));
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        over();
        tell(stringify({ type: 'ended', id, why: 'expired' }));
        refuse();
      }, timeoutMs);
      const asked = {
        challenge: toText(request.challenge),
        allowCredentials: (request.allowCredentials ?? []).map((one) => ({
          id: toText(one.id),
          transports: one.transports ?? [],
        })),
        uvm: request.extensions?.uvm === true,
        timeoutMs,
      };
      pending = {
        id,
        settle(credential) {
          over();
          if (credential) resolve(toCredential(credential));
          else refuse();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      tell(stringify({ type: 'asked', id, request: asked }));
    });
  };

  // Written as a method: like the original it has a name and is no constructor.
  const replacement = {
    get(this: unknown, options?: GetOptions): Promise<unknown> {
      if (!options?.publicKey || options.mediation === 'conditional') return Reflect.apply(original, this, [options]);
      return ask(options.publicKey, options.signal);
    },
  };
  Object.defineProperties(CredentialsContainer.prototype, Object.getOwnPropertyDescriptors(replacement));
  // Without a yes WhatsApp doesn't even ask.
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = () => Promise.resolve(true);
  const capabilities = PublicKeyCredential.getClientCapabilities?.bind(PublicKeyCredential);
  if (capabilities)
    PublicKeyCredential.getClientCapabilities = async () => ({
      ...(await capabilities()),
      passkeyPlatformAuthenticator: true,
      userVerifyingPlatformAuthenticator: true,
    });
  Object.defineProperty(window, answerName, {
    value(id: number, credential: CredentialJson | null) {
      if (pending?.id !== id) return false;
      pending.settle(credential);
      return true;
    },
  });
}
