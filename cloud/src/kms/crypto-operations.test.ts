import { isDeepStrictEqual } from 'node:util';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  type KMSClient,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { assert, asyncProperty, dictionary, nat, shuffledSubarray, string, tuple } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKms, type TestKms } from './kms-fixture.ts';

let fixture: TestKms;
let kms: KMSClient;
let newKey: TestKms['newKey'];

beforeAll(async () => {
  fixture = await startTestKms();
  kms = fixture.kms;
  newKey = () => fixture.newKey();
});
afterAll(() => fixture.close());

describe('encryption', () => {
  it('gives a data key that its ciphertext decrypts to', async () => {
    const { id, arn } = await newKey();
    const EncryptionContext = { userId: 'ana', purpose: 'credentials' };
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256', EncryptionContext }));
    expect(made.Plaintext).toHaveLength(32);
    expect(made.KeyId).toBe(arn);
    const { CiphertextBlob } = made;
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, KeyId: id, EncryptionContext }));
    expect(opened.Plaintext).toEqual(made.Plaintext);
  });

  it('gives a data key without its plaintext', async () => {
    const { id: KeyId } = await newKey();
    const made = await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 64 }));
    expect(made).not.toHaveProperty('Plaintext');
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(Plaintext).toHaveLength(64);
  });

  it('wants exactly one of key spec and number of bytes', async () => {
    const { id: KeyId } = await newKey();
    const invalid = { name: 'ValidationException' };
    await expect(kms.send(new GenerateDataKeyCommand({ KeyId }))).rejects.toMatchObject(invalid);
    const both = kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 }));
    await expect(both).rejects.toMatchObject(invalid);
  });

  it('encrypts 4096 bytes and no more', async () => {
    const { id: KeyId } = await newKey();
    const Plaintext = Buffer.alloc(4096, 7);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    expect(Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext ?? [])).toEqual(Plaintext);
    const tooMuch = kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) }));
    await expect(tooMuch).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'plaintext'"),
    });
  });

  it('says IncorrectKeyException when another key is named for decryption', async () => {
    const [one, other] = [await newKey(), await newKey()];
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: one.id, Plaintext: Buffer.from('text') }));
    const opened = kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other.id }));
    await expect(opened).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });

  it('moves a ciphertext to another key and context', async () => {
    const [from, to] = [await newKey(), await newKey()];
    const SourceEncryptionContext = { userId: 'ana', version: '1' };
    const DestinationEncryptionContext = { userId: 'ana', version: '2' };
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({
        KeyId: from.id,
        Plaintext: Buffer.from('text'),
        EncryptionContext: SourceEncryptionContext,
      }),
    );
    const moved = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext,
        DestinationKeyId: to.id,
        DestinationEncryptionContext,
      }),
    );
    expect(moved).toMatchObject({ SourceKeyId: from.arn, KeyId: to.arn });
    const opened = await kms.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: DestinationEncryptionContext }),
    );
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('text');
    const wrongSource = kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to.id }));
    await expect(wrongSource).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses anything that is not a ciphertext of its own', async () => {
    for (const CiphertextBlob of [Buffer.from('x'), Buffer.alloc(200), Buffer.alloc(200, 1)]) {
      const opened = kms.send(new DecryptCommand({ CiphertextBlob }));
      await expect(opened).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });
});

describe('encryption context', () => {
  // The SDK itself can't send a property of that name.
  const contextKeys = string({ minLength: 1, maxLength: 12 }).filter((key) => key !== '__proto__');
  const contexts = dictionary(contextKeys, string({ maxLength: 12 }), {
    maxKeys: 5,
    noNullPrototype: true,
  });
  let KeyId = '';
  beforeAll(async () => {
    KeyId = (await newKey()).id;
  });

  async function seal(EncryptionContext: Record<string, string>) {
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('text'), EncryptionContext }),
    );
    return CiphertextBlob ?? new Uint8Array();
  }

  it('opens with the same pairs in any order', async () => {
    const shuffled = contexts.chain((context) =>
      shuffledSubarray(Object.entries(context), { minLength: Object.keys(context).length }).map((pairs) => ({
        context,
        reordered: Object.fromEntries(pairs),
      })),
    );
    await assert(
      asyncProperty(shuffled, async ({ context, reordered }) => {
        const CiphertextBlob = await seal(context);
        const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: reordered }));
        expect(Buffer.from(Plaintext ?? []).toString()).toBe('text');
      }),
      { numRuns: 40 },
    );
  });

  it('does not open with any other pairs', async () => {
    const pairs = tuple(contexts, contexts).filter(([a, b]) => !isDeepStrictEqual(a, b));
    await assert(
      asyncProperty(pairs, async ([context, other]) => {
        const opened = kms.send(new DecryptCommand({ CiphertextBlob: await seal(context), EncryptionContext: other }));
        await expect(opened).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
      }),
      { numRuns: 40 },
    );
  });

  it('does not open when any single bit of the ciphertext was changed', async () => {
    const blob = Buffer.from(await seal({ userId: 'ana' }));
    await assert(
      asyncProperty(nat(blob.length * 8 - 1), async (bit) => {
        const CiphertextBlob = Buffer.from(blob);
        CiphertextBlob.writeUInt8(CiphertextBlob.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const opened = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { userId: 'ana' } }));
        await expect(opened).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
      }),
      { numRuns: 40 },
    );
  });
});
