import { record, type PasskeyRequest } from './request.ts';

/** A signed assertion as JSON: the part of `PublicKeyCredential.toJSON()` that is passed on. */
export interface SignedCredential {
  id: string;
  rawId: string;
  type: 'public-key';
  authenticatorAttachment?: string;
  clientExtensionResults: Record<string, unknown>;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string };
}

/** Removed from the standard, still asked for by WhatsApp; browsers that don't know it ignore it. */
const uvm: AuthenticationExtensionsClientInputs & { uvm: boolean } = { uvm: true };

/** The whole WebAuthn request. Site, user verification and kind are fixed: a page can't ask for anything else. */
export function requestOptions(request: PasskeyRequest, now: number): PublicKeyCredentialRequestOptions {
  return {
    rpId: 'whatsapp.com',
    userVerification: 'required',
    challenge: fromBase64Url(request.challenge),
    timeout: Math.max(1, request.expiresAt - now),
    allowCredentials: request.allowCredentials.map(({ id, transports }) => ({
      type: 'public-key',
      id: fromBase64Url(id),
      ...(transports.length > 0 && { transports: [...transports] }),
    })),
    ...(request.uvm && { extensions: uvm }),
  };
}

/** Takes from an assertion what is to be passed on. Undefined for anything that isn't one. */
export function readCredential(input: unknown): SignedCredential | undefined {
  const credential = record(input);
  const response = record(credential?.['response']);
  const id = credential?.['id'];
  const rawId = credential?.['rawId'];
  const clientDataJSON = response?.['clientDataJSON'];
  const authenticatorData = response?.['authenticatorData'];
  const signature = response?.['signature'];
  const userHandle = response?.['userHandle'];
  const attachment = credential?.['authenticatorAttachment'];
  if (credential?.['type'] !== 'public-key' || !isText(id) || !isText(rawId)) return undefined;
  if (!isText(clientDataJSON) || !isText(authenticatorData) || !isText(signature)) return undefined;
  return {
    id,
    rawId,
    type: 'public-key',
    ...(isText(attachment) && { authenticatorAttachment: attachment }),
    clientExtensionResults: record(credential['clientExtensionResults']) ?? {},
    response: { clientDataJSON, authenticatorData, signature, ...(isText(userHandle) && { userHandle }) },
  };
}

function isText(input: unknown): input is string {
  return typeof input === 'string';
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
