import { randomUUID, type KeyObject } from 'node:crypto';
import { EnvelopeError, openEnvelope, sealEnvelope, wrappedKeyOf, type SecretContext } from '@top-active/core/crypto';
import { z } from 'zod';
import type { ItemStore } from '../items/item-store.ts';
import { instant } from '../items/instants.ts';
import { ttlAttribute } from '../table-definitions.ts';
import type { DataKeys, SecretPurpose } from './data-keys.ts';
import { dataKeyName, dataKeyPrefix, type UserKeys } from './user-keys.ts';

export type { SecretContext } from '@top-active/core/crypto';

export interface SecretBox {
  /**
   * Seals with the user's data key of that purpose, which is made on first use. Needs kms:GenerateDataKey once and
   * kms:Decrypt afterwards. Deleting the data key makes everything sealed with it unreadable.
   */
  seal(purpose: SecretPurpose, context: SecretContext, plaintext: Uint8Array | string): Promise<Uint8Array>;
  /**
   * Seals with a key made for this one secret, which the envelope names. Needs kms:GenerateDataKey only: who seals so
   * can't open what others have sealed.
   * @param options.expiresAt epoch seconds from which nobody opens it any more, the user included; without, the key
   *   stays until it is forgotten
   */
  sealOnly(
    purpose: SecretPurpose,
    context: SecretContext,
    plaintext: Uint8Array | string,
    options?: { expiresAt: number },
  ): Promise<Uint8Array>;
  /** @throws {EnvelopeError} for anything but an intact envelope sealed for this user, purpose and context */
  open(purpose: SecretPurpose, context: SecretContext, envelope: Uint8Array): Promise<Buffer>;
  /** Deletes the key that was made for this one secret, which no copy of the envelope can be opened without. */
  forget(purpose: SecretPurpose, envelope: Uint8Array): Promise<void>;
  /** Crypto-shredding: deletes all data keys of the user. */
  shred(): Promise<void>;
}

/** Begins the name of a key in an envelope's header. What KMS has wrapped never begins so. */
const namePrefix = Buffer.from('key:', 'latin1');
const keySchema = z.object({ sk: z.string() });

/** @param options.items the user's partition of the table `keys` */
export function createSecretBox(options: {
  items: ItemStore;
  dataKeys: DataKeys;
  keys: UserKeys;
  now: () => number;
}): SecretBox {
  const { items, dataKeys, keys, now } = options;

  /** The key that an envelope names, carries wrapped (as older ones do), or else the user's key of that purpose. */
  async function keyOf(purpose: SecretPurpose, envelope: Uint8Array): Promise<KeyObject | undefined> {
    const header = wrappedKeyOf(envelope);
    if (header.length === 0) return keys.find(purpose);
    const name = nameIn(header);
    return name === undefined ? dataKeys.unwrap(purpose, header) : keys.find(purpose, name);
  }

  return {
    async seal(purpose, context, plaintext) {
      return sealEnvelope({ key: await keys.findOrMake(purpose), context, plaintext: Buffer.from(plaintext) });
    },
    async sealOnly(purpose, context, plaintext, expiry) {
      const { key, wrapped } = await dataKeys.generate(purpose);
      const name = randomUUID();
      const item = { wrapped, createdAt: instant(now()), ...(expiry && { [ttlAttribute]: expiry.expiresAt }) };
      await items.write({ kind: 'put', sk: dataKeyName(purpose, name), item, condition: 'absent' });
      const header = Buffer.concat([namePrefix, Buffer.from(name, 'latin1')]);
      return sealEnvelope({ key, context, plaintext: Buffer.from(plaintext), wrappedKey: header });
    },
    async open(purpose, context, envelope) {
      const key = await keyOf(purpose, envelope);
      if (!key) throw new EnvelopeError('Data key is gone');
      return openEnvelope({ key, context, envelope });
    },
    async forget(purpose, envelope) {
      const name = nameIn(wrappedKeyOf(envelope));
      if (name !== undefined) await items.write({ kind: 'delete', sk: dataKeyName(purpose, name) });
    },
    async shred() {
      for (const { sk } of await items.query({ prefix: dataKeyPrefix, evenExpired: true }, keySchema))
        await items.write({ kind: 'delete', sk });
    },
  };
}

function nameIn(header: Buffer): string | undefined {
  if (!header.subarray(0, namePrefix.length).equals(namePrefix)) return undefined;
  return header.subarray(namePrefix.length).toString('latin1');
}
