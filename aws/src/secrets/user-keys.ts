import type { KeyObject } from 'node:crypto';
import { EnvelopeError } from '@top-active/core/crypto';
import { z } from 'zod';
import type { ItemStore } from '../items/item-store.ts';
import { instant } from '../items/instants.ts';
import type { DataKeys, SecretPurpose } from './data-keys.ts';

/** What the sort key of each data key begins with, in the table `keys`. */
export const dataKeyPrefix = 'DATAKEY#';

/** One user's data keys as they lie wrapped in the table `keys`. */
export interface UserKeys {
  /**
   * The key of that purpose, or the one with a name of its own. Undefined before the first use, and once it was
   * deleted.
   */
  find(purpose: SecretPurpose, name?: string): Promise<KeyObject | undefined>;
  /** Needs kms:GenerateDataKey once and kms:Decrypt afterwards. */
  findOrMake(purpose: SecretPurpose): Promise<KeyObject>;
}

const dataKeySchema = z.object({ wrapped: z.instanceof(Uint8Array) });

export function dataKeyName(purpose: SecretPurpose, name?: string): string {
  return `${dataKeyPrefix}${purpose}${name === undefined ? '' : `#${name}`}`;
}

/** @param options.items the user's partition of the table `keys` */
export function createUserKeys(options: { items: ItemStore; dataKeys: DataKeys; now: () => number }): UserKeys {
  const { items, dataKeys, now } = options;

  async function find(purpose: SecretPurpose, name?: string): Promise<KeyObject | undefined> {
    const stored = await items.get(dataKeyName(purpose, name), dataKeySchema);
    return stored && dataKeys.unwrap(purpose, stored.wrapped);
  }

  return {
    find,
    async findOrMake(purpose) {
      const existing = await find(purpose);
      if (existing) return existing;
      const { key, wrapped } = await dataKeys.generate(purpose);
      const item = { wrapped, createdAt: instant(now()) };
      if (await items.write({ kind: 'put', sk: dataKeyName(purpose), item, condition: 'absent' })) return key;
      // Somebody else was first: theirs is the user's key.
      const theirs = await find(purpose);
      if (!theirs) throw new EnvelopeError('Data key was deleted while it was asked for');
      return theirs;
    },
  };
}
