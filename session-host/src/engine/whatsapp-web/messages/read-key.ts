import { readWid } from './read-wid.ts';

/** Twice the longest that was seen. */
const maxKeyLength = 256;

/** What names a message. Chat, stanza id and direction are all that it needs to be stored. */
export interface MessageKey {
  /** The chat's id. */
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  /** The whole id as the page writes it. */
  waId: string;
  /** Who wrote it, in groups. */
  participant: string | undefined;
}

/** `<fromMe>_<chat>_<stanza id>`, then `in` or `out` in the chat with oneself, and the author in groups. */
const keyPattern = /^(true|false)_([^_\s]+@[a-z.]+)_([^_\s]{1,128})(?:_(?:in|out))?(?:_([^_\s]+))?$/;

/**
 * Reads a message's key by the values that it has: in which property the page keeps the whole text changes with its
 * builds (`_serialized`, `$1`), and may change again.
 * @param addresses who sent the message to whom; tells the chat where the key doesn't
 */
export function readKey(key: unknown, addresses: { from?: unknown; to?: unknown } = {}): MessageKey | undefined {
  if (typeof key === 'string') return parseKey(key);
  if (typeof key !== 'object' || key === null) return undefined;
  const parts = new Map<string, unknown>(Object.entries(key));
  const whole = wholeText(parts);
  const parsed = whole === undefined ? undefined : parseKey(whole);
  const stanzaId = parts.get('id') ?? parsed?.stanzaId;
  const fromMe = parts.get('fromMe') ?? parsed?.fromMe;
  if (typeof stanzaId !== 'string' || stanzaId === '' || stanzaId.length > 128 || typeof fromMe !== 'boolean')
    return undefined;
  const peer = readWid(parts.get('remote')) ?? parsed?.peer ?? readWid(fromMe ? addresses.to : addresses.from);
  if (peer === undefined) return undefined;
  const participant = readWid(parts.get('participant')) ?? parsed?.participant;
  const self = parts.get('self');
  const tail = [self === 'in' || self === 'out' ? self : undefined, participant];
  const composed = [String(fromMe), peer, stanzaId, ...tail].filter((part) => part !== undefined).join('_');
  return { peer, stanzaId, fromMe, waId: whole ?? composed, participant };
}

/** By its usual name, else the one property that reads as a key. */
function wholeText(parts: ReadonlyMap<string, unknown>): string | undefined {
  const usual = parts.get('_serialized');
  if (isKeyText(usual)) return usual;
  const [only, ...others] = new Set([...parts.values()].filter(isKeyText));
  return others.length === 0 ? only : undefined;
}

function isKeyText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxKeyLength && keyPattern.test(value);
}

function parseKey(text: string): MessageKey | undefined {
  const [, fromMe, remote, stanzaId, participant] = (isKeyText(text) && keyPattern.exec(text)) || [];
  const peer = readWid(remote);
  if (peer === undefined || stanzaId === undefined) return undefined;
  return { peer, stanzaId, fromMe: fromMe === 'true', waId: text, participant: readWid(participant) };
}
