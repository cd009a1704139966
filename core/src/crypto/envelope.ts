import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { encodeContext, type SecretContext } from './context.ts';

/**
 * Layout: magic `TAW` (3) · version 1 (1) · length of the wrapped key, big-endian (2) · wrapped key · IV (12) ·
 * ciphertext · tag (16). AES-256-GCM; the additional data are everything before the IV, then the encoded context. In
 * the place of the wrapped key may be its name, or nothing: then the key is kept elsewhere.
 */
const magic = Buffer.from('TAW', 'latin1');
const formatVersion = 1;
const fixedLength = magic.length + 1 + 2;
const ivLength = 12;
const tagLength = 16;
const maxWrappedKeyLength = 6144;

/** Says which step failed, never what was in it. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

export interface SealOptions {
  /** 256 bits. */
  key: KeyObject;
  context: SecretContext;
  plaintext: Uint8Array;
  /** Travels in the header, for who opens it with nothing else at hand. */
  wrappedKey?: Uint8Array | undefined;
}

export function sealEnvelope(options: SealOptions): Buffer {
  return sealEnvelopeWithIv(options, randomBytes(ivLength));
}

/** For known-answer tests only: the same IV twice under one key breaks GCM. */
export function sealEnvelopeWithIv({ key, context, plaintext, wrappedKey }: SealOptions, iv: Uint8Array): Buffer {
  assertKey(key);
  const header = encodeHeader(wrappedKey ?? new Uint8Array());
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.concat([header, encodeContext(context)]));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, ciphertext, cipher.getAuthTag()]);
}

/** @throws {EnvelopeError} for anything that wasn't sealed under this key for this context, or was changed since */
export function openEnvelope(options: { key: KeyObject; context: SecretContext; envelope: Uint8Array }): Buffer {
  const { header, iv, ciphertext, tag } = split(options.envelope);
  assertKey(options.key);
  const decipher = createDecipheriv('aes-256-gcm', options.key, iv, { authTagLength: tagLength });
  decipher.setAAD(Buffer.concat([header, encodeContext(options.context)]));
  decipher.setAuthTag(tag);
  const start = decipher.update(ciphertext);
  try {
    return Buffer.concat([start, decipher.final()]);
  } catch {
    start.fill(0);
    // The cause would only say "unable to authenticate data".
    throw new EnvelopeError('Envelope was changed, or belongs to another key or place');
  }
}

/** The wrapped key of an envelope, empty when its key is kept elsewhere. Not authenticated until `openEnvelope`. */
export function wrappedKeyOf(envelope: Uint8Array): Buffer {
  return split(envelope).header.subarray(fixedLength);
}

function encodeHeader(wrappedKey: Uint8Array): Buffer {
  if (wrappedKey.length > maxWrappedKeyLength) throw new EnvelopeError('Wrapped key is too long');
  const fixed = Buffer.alloc(fixedLength);
  magic.copy(fixed);
  fixed.writeUInt8(formatVersion, magic.length);
  fixed.writeUInt16BE(wrappedKey.length, magic.length + 1);
  return Buffer.concat([fixed, wrappedKey]);
}

function split(envelope: Uint8Array): { header: Buffer; iv: Buffer; ciphertext: Buffer; tag: Buffer } {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  if (bytes.length < fixedLength + ivLength + tagLength) throw new EnvelopeError('Envelope is too short');
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new EnvelopeError('Not an envelope');
  if (bytes.readUInt8(magic.length) !== formatVersion) throw new EnvelopeError('Envelope has an unknown version');
  const headerLength = fixedLength + bytes.readUInt16BE(magic.length + 1);
  const tagStart = bytes.length - tagLength;
  if (headerLength + ivLength > tagStart) throw new EnvelopeError('Envelope is too short');
  return {
    header: bytes.subarray(0, headerLength),
    iv: bytes.subarray(headerLength, headerLength + ivLength),
    ciphertext: bytes.subarray(headerLength + ivLength, tagStart),
    tag: bytes.subarray(tagStart),
  };
}

function assertKey(key: KeyObject): void {
  if (key.type !== 'secret' || key.symmetricKeySize !== 32) throw new EnvelopeError('Key does not have 256 bits');
}
