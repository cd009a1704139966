import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { open, readHeader, seal, type EncryptionContext } from './ciphertext.ts';
import { invalidCiphertext, kmsError, validationError } from './errors.ts';
import { blob, encryptionContext, keyAccess, keyReference } from './input.ts';
import { keyArn, type Key, type KeyStore } from './key-store.ts';

const algorithm = 'SYMMETRIC_DEFAULT';
const maxPlaintextBytes = 4096;
const ciphertextBlob = blob(6144);
const algorithmInput = z.literal(algorithm).optional();

/** Encrypting, decrypting and data keys. */
export function cryptoOperations(define: DefineOperation, store: KeyStore): Record<string, Operation> {
  function encrypt(key: Key, plaintext: Uint8Array, context: EncryptionContext): string {
    return seal(store.currentMaterial(usable(key)), plaintext, context).toString('base64');
  }

  /** The key a ciphertext was made with. Throws IncorrectKeyException when the caller named another. */
  function keyOf(ciphertext: Buffer, reference: string | undefined): Key {
    const named = reference === undefined ? undefined : store.find(reference);
    const header = readHeader(ciphertext);
    if (!header) throw invalidCiphertext();
    if (named !== undefined && named.id !== header.keyId) {
      throw kmsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    if (store.material(header.keyId, header.version) === undefined) throw invalidCiphertext();
    return store.find(header.keyId);
  }

  function decrypt(key: Key, ciphertext: Buffer, context: EncryptionContext): Buffer {
    const header = readHeader(ciphertext);
    const material = header && store.material(usable(key).id, header.version);
    const plaintext = material && open(material, ciphertext, context);
    if (!plaintext) throw invalidCiphertext();
    return plaintext;
  }

  const dataKeyInput = z.object({
    KeyId: keyReference,
    EncryptionContext: encryptionContext,
    KeySpec: z.enum(['AES_128', 'AES_256']).optional(),
    NumberOfBytes: z.int().min(1).max(1024).optional(),
  });

  function dataKey(input: z.output<typeof dataKeyInput>): { KeyId: string; CiphertextBlob: string; Plaintext: string } {
    const { KeyId, KeySpec, NumberOfBytes } = input;
    if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
      throw validationError('Please specify either number of bytes or key spec.');
    }
    const key = store.find(KeyId);
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
    return {
      KeyId: keyArn(key.id),
      CiphertextBlob: encrypt(key, plaintext, input.EncryptionContext),
      Plaintext: plaintext.toString('base64'),
    };
  }

  /** Access for the operations in which the caller names a key and a context. */
  function named(action: string) {
    return ({ KeyId, EncryptionContext }: { KeyId: string; EncryptionContext: EncryptionContext }) => [
      keyAccess({ action, key: store.find(KeyId), reference: KeyId, encryptionContext: EncryptionContext }),
    ];
  }

  return {
    GenerateDataKey: define({ input: dataKeyInput, access: named('GenerateDataKey'), run: dataKey }),

    GenerateDataKeyWithoutPlaintext: define({
      input: dataKeyInput,
      access: named('GenerateDataKeyWithoutPlaintext'),
      run(input) {
        const { KeyId, CiphertextBlob } = dataKey(input);
        return { KeyId, CiphertextBlob };
      },
    }),

    Encrypt: define({
      input: z.object({
        KeyId: keyReference,
        Plaintext: blob(maxPlaintextBytes),
        EncryptionContext: encryptionContext,
        EncryptionAlgorithm: algorithmInput,
      }),
      access: named('Encrypt'),
      run({ KeyId, Plaintext, EncryptionContext }) {
        const key = store.find(KeyId);
        return {
          KeyId: keyArn(key.id),
          CiphertextBlob: encrypt(key, Plaintext, EncryptionContext),
          EncryptionAlgorithm: algorithm,
        };
      },
    }),

    Decrypt: define({
      input: z.object({
        CiphertextBlob: ciphertextBlob,
        KeyId: keyReference.optional(),
        EncryptionContext: encryptionContext,
        EncryptionAlgorithm: algorithmInput,
      }),
      access: ({ CiphertextBlob, KeyId, EncryptionContext }) => [
        keyAccess({
          action: 'Decrypt',
          key: keyOf(CiphertextBlob, KeyId),
          reference: KeyId,
          encryptionContext: EncryptionContext,
        }),
      ],
      run({ CiphertextBlob, KeyId, EncryptionContext }) {
        const key = keyOf(CiphertextBlob, KeyId);
        return {
          KeyId: keyArn(key.id),
          Plaintext: decrypt(key, CiphertextBlob, EncryptionContext).toString('base64'),
          EncryptionAlgorithm: algorithm,
        };
      },
    }),

    ReEncrypt: define({
      input: z.object({
        CiphertextBlob: ciphertextBlob,
        SourceKeyId: keyReference.optional(),
        SourceEncryptionContext: encryptionContext,
        SourceEncryptionAlgorithm: algorithmInput,
        DestinationKeyId: keyReference,
        DestinationEncryptionContext: encryptionContext,
        DestinationEncryptionAlgorithm: algorithmInput,
      }),
      access: (input) => [
        keyAccess({
          action: 'ReEncryptFrom',
          key: keyOf(input.CiphertextBlob, input.SourceKeyId),
          reference: input.SourceKeyId,
          encryptionContext: input.SourceEncryptionContext,
        }),
        keyAccess({
          action: 'ReEncryptTo',
          key: store.find(input.DestinationKeyId),
          reference: input.DestinationKeyId,
          encryptionContext: input.DestinationEncryptionContext,
        }),
      ],
      run(input) {
        const source = keyOf(input.CiphertextBlob, input.SourceKeyId);
        const destination = store.find(input.DestinationKeyId);
        const plaintext = decrypt(source, input.CiphertextBlob, input.SourceEncryptionContext);
        return {
          SourceKeyId: keyArn(source.id),
          KeyId: keyArn(destination.id),
          CiphertextBlob: encrypt(destination, plaintext, input.DestinationEncryptionContext),
          SourceEncryptionAlgorithm: algorithm,
          DestinationEncryptionAlgorithm: algorithm,
        };
      },
    }),
  };
}

function usable(key: Key): Key {
  if (key.state === 'Disabled') throw kmsError('DisabledException', `${keyArn(key.id)} is disabled.`);
  if (key.state === 'PendingDeletion') {
    throw kmsError('KMSInvalidStateException', `${keyArn(key.id)} is pending deletion.`);
  }
  return key;
}
