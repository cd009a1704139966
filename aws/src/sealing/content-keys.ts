import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { AppError } from '@top-active/core/errors';
import type { UserKeys } from '../secrets/user-keys.ts';

/** What one user's content is sealed with, and found by. */
interface ContentKeys {
  /** AES-256. */
  sealing: KeyObject;
  /** A keyed hash of a name, 32 hexadecimal digits: the same for the same user, and meaningless without the key. */
  hashName: (name: string) => string;
}

export interface ContentKeySource {
  /** Made at the first use. */
  toSeal(): Promise<ContentKeys>;
  /** @throws {AppError} `account_erased` when there is none: whatever was sealed can't be opened any more */
  toOpen(): Promise<ContentKeys>;
}

const keepMs = 5 * 60_000;
const nameBytes = 16;

/** Both are derived from the user's data key for `content`, which is unwrapped once in five minutes at most. */
export function createContentKeySource(userKeys: UserKeys, { now }: { now: () => number }): ContentKeySource {
  let kept: { keys: Promise<ContentKeys>; at: number } | undefined;

  function keep(load: () => Promise<KeyObject>): Promise<ContentKeys> {
    if (kept && now() - kept.at < keepMs) return kept.keys;
    const loading = { keys: load().then(derive), at: now() };
    kept = loading;
    // A failure isn't kept: the next caller asks again.
    loading.keys.catch(() => {
      if (kept === loading) kept = undefined;
    });
    return loading.keys;
  }

  return {
    toSeal: () => keep(() => userKeys.findOrMake('content')),
    toOpen: () =>
      keep(async () => {
        const key = await userKeys.find('content');
        if (!key) throw new AppError('account_erased');
        return key;
      }),
  };
}

function derive(key: KeyObject): ContentKeys {
  const naming = part(key, 'names');
  return {
    sealing: part(key, 'items'),
    hashName: (name) => createHmac('sha256', naming).update(name).digest().subarray(0, nameBytes).toString('hex'),
  };
}

function part(key: KeyObject, use: string): KeyObject {
  const bytes = new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `top-active content ${use}`, 32));
  const derived = createSecretKey(bytes);
  bytes.fill(0);
  return derived;
}
