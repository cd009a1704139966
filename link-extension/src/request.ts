/**
 * What a page asks to have signed. Everything else of a WebAuthn request is fixed here and not the page's to choose.
 */
export interface PasskeyRequest {
  requestId: string;
  /** base64url */
  challenge: string;
  allowCredentials: readonly AllowedCredential[];
  /** The page wants to be told how the user was verified. */
  uvm: boolean;
  /** Epoch milliseconds. */
  expiresAt: number;
}

interface AllowedCredential {
  /** base64url */
  id: string;
  transports: readonly AuthenticatorTransport[];
}

/** Name of the meta element in which a page writes its request, as JSON. */
export const requestMetaName = 'top-active-passkey-request';

const longestMs = 10 * 60_000;
const mostCredentials = 64;
const transports: readonly AuthenticatorTransport[] = ['ble', 'hybrid', 'internal', 'nfc', 'usb'];

/**
 * Reads a request that a page wrote. Undefined for anything that isn't one, or has expired: a page's word is not to be
 * trusted further than it is checked here. A request lives for ten minutes at most, whatever it says.
 */
export function parseRequest(text: string, now: number): PasskeyRequest | undefined {
  const input = record(parseJson(text));
  if (input?.['v'] !== 1) return undefined;
  const requestId = matching(input['requestId'], /^[0-9A-Za-z-]{16,64}$/);
  const challenge = matching(input['challenge'], /^[\w-]{16,1024}$/);
  const allowCredentials = parseAllowed(input['allowCredentials']);
  const expiresAt = Math.min(Date.parse(String(input['expiresAt'])), now + longestMs);
  if (requestId === undefined || challenge === undefined || allowCredentials === undefined) return undefined;
  // A date that can't be read is no later than anything.
  if (!(expiresAt > now)) return undefined;
  return { requestId, challenge, allowCredentials, uvm: record(input['extensions'])?.['uvm'] === true, expiresAt };
}

function parseAllowed(input: unknown): AllowedCredential[] | undefined {
  if (input === undefined) return [];
  if (!Array.isArray(input) || input.length > mostCredentials) return undefined;
  const allowed: AllowedCredential[] = [];
  for (const one of input) {
    const credential = record(one);
    const id = matching(credential?.['id'], /^[\w-]{1,1400}$/);
    if (id === undefined) return undefined;
    const named: unknown = credential?.['transports'];
    allowed.push({
      id,
      transports: Array.isArray(named) ? transports.filter((transport) => named.includes(transport)) : [],
    });
  }
  return allowed;
}

export function record(input: unknown): Record<string, unknown> | undefined {
  return typeof input === 'object' && input !== null ? Object.fromEntries(Object.entries(input)) : undefined;
}

function matching(input: unknown, pattern: RegExp): string | undefined {
  return typeof input === 'string' && pattern.test(input) ? input : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
