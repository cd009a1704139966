import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Storage } from './storage.ts';
import type { GoogleAccount, Now } from './types.ts';

const row = z
  .object({ email: z.string(), sub: z.string(), name: z.string(), time_zone: z.string(), sync_generation: z.int() })
  .transform(({ time_zone, sync_generation, ...rest }) => ({
    ...rest,
    timeZone: time_zone,
    syncGeneration: sync_generation,
  }));

export type StoredAccount = z.output<typeof row>;

export interface Accounts {
  list(): StoredAccount[];
  find(email: string): StoredAccount | undefined;
  /** Makes the account unless it exists; e-mail addresses are compared in lower case. */
  ensure(account: { email: string; name?: string | undefined; timeZone?: string | undefined }): StoredAccount;
  /** From now on every sync token given out so far is answered with 410. */
  expireSyncTokens(email: string): void;
}

const defaultTimeZone = 'America/Sao_Paulo';
const columns = 'SELECT email, sub, name, time_zone, sync_generation FROM accounts';

export function createAccounts({ storage, now }: { storage: Storage; now: Now }): Accounts {
  const all = storage.select(`${columns} ORDER BY created_at, email`, row);
  const one = storage.select(`${columns} WHERE email = ?`, row);
  const insert = storage.change(
    'INSERT OR IGNORE INTO accounts (email, sub, name, time_zone, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const nextGeneration = storage.change('UPDATE accounts SET sync_generation = sync_generation + 1 WHERE email = ?');

  const find = (email: string) => one.get(email.toLowerCase());

  return {
    list: () => all.all(),
    find,
    ensure({ email, name, timeZone }) {
      const address = email.toLowerCase();
      insert(address, subOf(address), name ?? nameOf(address), timeZone ?? defaultTimeZone, now());
      const account = find(address);
      if (!account) throw new Error('The account just written is not there.');
      return account;
    },
    expireSyncTokens: (email) => void nextGeneration(email.toLowerCase()),
  };
}

/** The account as others may see it. */
export function publicAccount({ email, sub, name, timeZone }: StoredAccount): GoogleAccount {
  return { email, sub, name, timeZone };
}

/** Twenty-one digits like Google's, the same for the same address whenever the world is made anew. */
function subOf(email: string): string {
  const digest = createHash('sha256').update(`simulated google account ${email}`).digest('hex');
  return `1${(BigInt(`0x${digest}`) % 10n ** 20n).toString().padStart(20, '0')}`;
}

function nameOf(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email;
}
