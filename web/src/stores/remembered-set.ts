import { reactive } from 'vue';
import { z } from 'zod';

const listSchema = z.array(z.string());

/** A set of ids that survives a reload; the oldest go when there are more than `limit`. */
export function createRememberedSet({ storage, key, limit }: { storage: Storage; key: string; limit: number }) {
  const ids = reactive(new Set(read(storage, key)));

  return {
    ids: ids as ReadonlySet<string>,
    add(id: string): void {
      ids.add(id);
      for (const oldest of [...ids].slice(0, Math.max(0, ids.size - limit))) ids.delete(oldest);
      storage.setItem(key, JSON.stringify([...ids]));
    },
  };
}

function read(storage: Storage, key: string): string[] {
  try {
    return listSchema.parse(JSON.parse(storage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}
