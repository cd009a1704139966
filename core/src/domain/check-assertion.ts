import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PasskeyCredential, PasskeyRequest } from '../contracts/passkey.ts';

const whatsAppOrigin = 'https://web.whatsapp.com';
const siteHash = createHash('sha256').update('whatsapp.com').digest();

/** https://www.w3.org/TR/webauthn-3/#dictionary-client-data */
const clientDataSchema = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
});
const userPresent = 0x01;
const userVerified = 0x04;

/**
 * Whether an assertion answers this request: everything but the signature, for which only WhatsApp knows the key. Says
 * what is wrong, or undefined.
 */
export function wrongInAssertion(
  credential: PasskeyCredential,
  { challenge, allowCredentials }: Pick<PasskeyRequest, 'challenge' | 'allowCredentials'>,
): string | undefined {
  const clientData = readClientData(credential.response.clientDataJSON);
  if (!clientData) return 'clientDataJSON is not what a browser writes';
  if (clientData.type !== 'webauthn.get') return 'it is not an assertion';
  if (clientData.challenge !== challenge) return 'it answers another challenge';
  if (clientData.origin !== whatsAppOrigin || clientData.crossOrigin === true) return 'it was made on another site';
  const data = Buffer.from(credential.response.authenticatorData, 'base64url');
  // Hash of the site, flags, counter. https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
  if (data.length < 37) return 'authenticatorData is too short';
  if (!data.subarray(0, 32).equals(siteHash)) return 'the passkey belongs to another site';
  const flags = data[32] ?? 0;
  if ((flags & userPresent) === 0 || (flags & userVerified) === 0) return 'the user was not verified';
  if (credential.id !== credential.rawId) return 'its ids differ';
  const isAllowed = allowCredentials.length === 0 || allowCredentials.some(({ id }) => id === credential.id);
  return isAllowed ? undefined : 'the passkey is none of those that were asked for';
}

function readClientData(text: string): z.infer<typeof clientDataSchema> | undefined {
  try {
    return clientDataSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
