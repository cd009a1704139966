import { createSecretKey, type KeyObject } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { UserId } from '@top-active/core/contracts';
import { EnvelopeError } from '@top-active/core/crypto';
import { LRUCache } from 'lru-cache';

/** What a key is for. Part of the KMS encryption context `{userId, purpose}`, so a grant can be limited to it. */
export type SecretPurpose = 'credentials' | 'oauth' | 'whatsapp' | 'content';

interface DataKey {
  key: KeyObject;
  wrapped: Uint8Array;
}

/** One user's data keys: made and unwrapped by KMS, kept in clear for at most five minutes. */
export interface DataKeys {
  generate(purpose: SecretPurpose): Promise<DataKey>;
  /** @throws {EnvelopeError} when KMS doesn't take it for a key of this user and purpose */
  unwrap(purpose: SecretPurpose, wrapped: Uint8Array): Promise<KeyObject>;
}

const keepMs = 5 * 60_000;

export function createDataKeys(options: { kms: KMSClient; keyId: string; userId: UserId }): DataKeys {
  const { kms, keyId, userId } = options;
  const cache = new LRUCache<string, Promise<KeyObject>>({ max: 100, ttl: keepMs });
  const contextOf = (purpose: SecretPurpose) => ({ userId, purpose });

  async function decrypt(purpose: SecretPurpose, wrapped: Uint8Array): Promise<KeyObject> {
    try {
      const { Plaintext } = await kms.send(
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: contextOf(purpose) }),
      );
      return toKey(Plaintext);
    } catch (error) {
      if (error instanceof InvalidCiphertextException)
        throw new EnvelopeError('Wrapped key was changed, or belongs to another user or purpose');
      throw error;
    }
  }

  return {
    async generate(purpose) {
      const { Plaintext, CiphertextBlob } = await kms.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: contextOf(purpose) }),
      );
      if (!CiphertextBlob) throw new Error('KMS returned no wrapped key');
      return { key: toKey(Plaintext), wrapped: CiphertextBlob };
    },
    unwrap(purpose, wrapped) {
      const id = `${purpose}:${Buffer.from(wrapped).toString('base64')}`;
      const cached = cache.get(id);
      if (cached) return cached;
      const pending = decrypt(purpose, wrapped);
      cache.set(id, pending);
      // A failure isn't kept: the next caller asks KMS again.
      pending.catch(() => cache.delete(id));
      return pending;
    },
  };
}

/** A key object neither prints nor serialises what it holds; the bytes that KMS sent are wiped. */
function toKey(plaintext: Uint8Array | undefined): KeyObject {
  if (plaintext?.length !== 32) throw new Error('KMS returned no key of 256 bits');
  const key = createSecretKey(plaintext);
  plaintext.fill(0);
  return key;
}
