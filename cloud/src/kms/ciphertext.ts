import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type EncryptionContext = Record<string, string>;

/** Key material of one rotation period. */
export interface KeyMaterial {
  keyId: string;
  version: number;
  /** 32 bytes. */
  bytes: Uint8Array;
}

export interface CiphertextHeader {
  keyId: string;
  version: number;
}

// Layout: format (1) | key id (16) | material version (4) | nonce (12) | tag (16) | ciphertext
const format = 1;
const headerLength = 21;
const nonceLength = 12;
const tagLength = 16;
const bodyStart = headerLength + nonceLength + tagLength;

/** The key named in a ciphertext; undefined when it isn't one of ours. Nothing is verified yet. */
export function readHeader(blob: Buffer): CiphertextHeader | undefined {
  if (blob.length < bodyStart || blob[0] !== format) return undefined;
  const hex = blob.toString('hex', 1, 17);
  const keyId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { keyId, version: blob.readUInt32BE(17) };
}

export function seal(material: KeyMaterial, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const header = Buffer.alloc(headerLength);
  header[0] = format;
  header.write(material.keyId.replaceAll('-', ''), 1, 'hex');
  header.writeUInt32BE(material.version, 17);
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', material.bytes, nonce, { authTagLength: tagLength });
  cipher.setAAD(additionalData(header, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

/** Undefined when the blob was changed or the context is another. */
export function open(material: KeyMaterial, blob: Buffer, context: EncryptionContext): Buffer | undefined {
  const nonce = blob.subarray(headerLength, headerLength + nonceLength);
  const decipher = createDecipheriv('aes-256-gcm', material.bytes, nonce, { authTagLength: tagLength });
  decipher.setAAD(additionalData(blob.subarray(0, headerLength), context));
  decipher.setAuthTag(blob.subarray(headerLength + nonceLength, bodyStart));
  const plaintext = decipher.update(blob.subarray(bodyStart));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    // The only thing final() can find wrong is the tag.
    return undefined;
  }
}

/** The same bytes for the same pairs in any order, and different bytes for any other set of pairs. */
function additionalData(header: Uint8Array, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))]);
}
