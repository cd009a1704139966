import type { UserId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemSealing, Write } from '../items/item-store.ts';
import { partitionOf } from '../items/keys.ts';
import type { ContentKeySource } from './content-keys.ts';
import { clearOf, hasContent, isSealed, openItem, sealItem } from './seal-item.ts';
import { isClear, kindOf } from './sealed-kinds.ts';

const attributesSchema = z.looseObject({ sk: z.string() });

/**
 * Seals all that a person wrote or is called under the user's own key (sealed-kinds.ts says what stays readable), and
 * puts keyed hashes into sort keys that name somebody. Stores see items as if they lay there in the clear.
 */
export function createItemSealing({ userId, keys }: { userId: UserId; keys: ContentKeySource }): ItemSealing {
  const pk = partitionOf(userId);

  async function storedKey(sk: string): Promise<string> {
    if (!kindOf(sk).named) return sk;
    const { hashName } = await keys.toSeal();
    return sk.slice(0, sk.lastIndexOf('#') + 1) + hashName(sk);
  }

  async function seal(sk: string, item: object): Promise<{ sk: string; item: object }> {
    const stored = await storedKey(sk);
    if (!hasContent(sk, item)) return { sk: stored, item };
    const { sealing } = await keys.toSeal();
    return { sk: stored, item: sealItem(item, { sk, place: { pk, sk: stored }, key: sealing }) };
  }

  return {
    storedKey,
    async toStored(write: Write): Promise<Write> {
      for (const name of namedIn(write)) requireClear(write.sk, name);
      if (write.kind === 'put') return { ...write, ...(await seal(write.sk, write.item)) };
      return { ...write, sk: await storedKey(write.sk) };
    },
    async fromStored(item, asked) {
      const stored = attributesSchema.parse(item);
      const sk = asked ?? stored.sk;
      if (!isSealed(stored, sk)) return { ...clearOf(stored, sk), sk };
      const { sealing } = await keys.toOpen();
      return { ...openItem(stored, { sk, place: { pk, sk: stored.sk }, key: sealing }), sk };
    },
  };
}

/** Attributes that DynamoDB itself compares or changes. */
function namedIn(write: Write): string[] {
  const compared = typeof write.condition === 'object' ? Object.keys(write.condition) : [];
  if (write.kind !== 'update') return compared;
  const { set = {}, add = {}, remove = [] } = write;
  return [...compared, ...Object.keys(set), ...Object.keys(add), ...remove];
}

function requireClear(sk: string, name: string): void {
  if (!isClear(kindOf(sk), name))
    throw new TypeError(`"${name}" of an item ${sk.split('#', 1)[0]} is sealed: put the whole item instead`);
}
