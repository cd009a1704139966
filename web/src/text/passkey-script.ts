import { passkeyCredentialSchema, type PasskeyCredential, type PasskeyRequest } from '@top-active/core/contracts';

/**
 * For those who can't install the extension: signs this one request on WhatsApp's own site and writes the answer into
 * the console. It sends nothing anywhere, so that whoever pastes it can read that it doesn't.
 */
export function passkeyScript({ challenge, allowCredentials, extensions, expiresAt }: PasskeyRequest): string {
  const allowed = allowCredentials.map(({ id, transports }) => ({ type: 'public-key', id, transports }));
  return `(async () => {
  if (location.origin !== 'https://web.whatsapp.com') throw new Error('web.whatsapp.com?');
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const publicKey = {
    rpId: 'whatsapp.com',
    userVerification: 'required',
    challenge: bytes(${JSON.stringify(challenge)}),
    allowCredentials: ${JSON.stringify(allowed)}.map((one) => ({ ...one, id: bytes(one.id) })),
    extensions: ${JSON.stringify(extensions)},
    timeout: Date.parse(${JSON.stringify(expiresAt)}) - Date.now(),
  };
  const signed = await navigator.credentials.get({ publicKey });
  console.log(JSON.stringify(signed.toJSON()));
})();`;
}

/** What the script wrote, also with the quotes that a console puts around it. Undefined: something else was pasted. */
export function readPastedCredential(text: string): PasskeyCredential | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start === -1 || end < start) return undefined;
  try {
    const parsed = passkeyCredentialSchema.safeParse(JSON.parse(text.slice(start, end + 1)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
