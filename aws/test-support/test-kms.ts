import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InvalidCiphertextException, KMSClient } from '@aws-sdk/client-kms';
import { z } from 'zod';

const contextSchema = z.record(z.string(), z.string());
const inputSchema = z.object({ EncryptionContext: contextSchema, CiphertextBlob: z.instanceof(Uint8Array).optional() });

const ivLength = 12;
const tagLength = 16;

export interface TestKms {
  client: KMSClient;
  /** How often each operation was asked for. */
  calls: Record<string, number>;
}

/**
 * A stand-in for KMS within the process: makes data keys and unwraps them, each for its encryption context alone, as
 * KMS does. Its own key is gone with it.
 */
export function createTestKms(): TestKms {
  const key = randomBytes(32);
  const calls: Record<string, number> = {};
  const client = new KMSClient({ region: 'us-east-1' });

  function wrap(plaintext: Uint8Array, context: string): Uint8Array {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([iv, ciphertext, cipher.getAuthTag()]);
  }

  function unwrap(blob: Uint8Array, context: string): Uint8Array {
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, ivLength)).setAAD(Buffer.from(context));
    decipher.setAuthTag(blob.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(blob.subarray(ivLength, -tagLength)), decipher.final()]);
    } catch {
      throw new InvalidCiphertextException({ message: 'Invalid ciphertext', $metadata: {} });
    }
  }

  function answer(commandName: string, input: unknown): object {
    const { EncryptionContext, CiphertextBlob } = inputSchema.parse(input);
    const context = JSON.stringify(Object.entries(EncryptionContext).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    if (commandName === 'DecryptCommand' && CiphertextBlob) return { Plaintext: unwrap(CiphertextBlob, context) };
    if (commandName !== 'GenerateDataKeyCommand') throw new Error(`The test's KMS knows no ${commandName}`);
    const dataKey = randomBytes(32);
    return { CiphertextBlob: wrap(dataKey, context), Plaintext: Uint8Array.from(dataKey) };
  }

  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => {
        calls[commandName] = (calls[commandName] ?? 0) + 1;
        return { output: { ...answer(commandName, input), $metadata: {} }, response: undefined };
      },
    { step: 'initialize', priority: 'high' },
  );
  return { client, calls };
}
