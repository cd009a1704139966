import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { countAttempt, limitExpiry, waitOf, type LimitKey } from '@top-active/core/domain';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { refusalOf } from '../items/transaction-refused.ts';
import { backOff } from '../calls/retry.ts';

export type LimitAnswer =
  | { allowed: true }
  /** `by`: the scope of the limit that it has to wait for longest. */
  | { allowed: false; retryAfterSeconds: number; by: string };

export interface Limiter {
  /**
   * Counts an attempt against every key before it is made, so that parallel guesses count too. What is refused isn't
   * counted. A failed attempt needs no further call.
   */
  attempt(keys: readonly LimitKey[]): Promise<LimitAnswer>;
  /**
   * The attempt was the owner's: it is taken back, and so are all others of a key that a success clears. A key that
   * exempts another one (the pair of account and address) begins anew and remembers the success for 90 days.
   */
  succeeded(keys: readonly LimitKey[]): Promise<void>;
}

type Target = Pick<LimitKey, 'scope' | 'value'>;

const rememberMs = 90 * 24 * 3600_000;
const maxRounds = 6;
const stateSchema = z.object({
  attempts: z.number().default(0),
  at: z.number().default(0),
  /** Epoch milliseconds. */
  succeededAt: z.number().optional(),
});
type State = z.infer<typeof stateSchema>;

export function createLimiter(
  clients: AwsClients,
  { table, now = Date.now }: { table: string; now?: (() => number) | undefined },
): Limiter {
  async function read(target: Target): Promise<State | undefined> {
    const { Item } = await clients.dynamodb.send(
      new GetCommand({ TableName: table, Key: { pk: partitionOf(target) }, ConsistentRead: true }),
    );
    return Item && stateSchema.parse(Item);
  }

  /** The keys that count for this caller, with their states. */
  async function load(keys: readonly LimitKey[]): Promise<{ key: LimitKey; state: State | undefined }[]> {
    const loaded = await Promise.all(keys.map(async (key) => ({ key, state: await read(key) })));
    const exempted = await Promise.all(
      loaded.map(async ({ key: { exemptBySuccessOf: by } }) => {
        const state = by && (loaded.find(({ key }) => isSame(key, by))?.state ?? (await read(by)));
        return state?.succeededAt !== undefined && state.succeededAt > now() - rememberMs;
      }),
    );
    return loaded.filter((_, i) => !exempted[i]);
  }

  /** False when somebody else counted meanwhile. */
  async function count(loaded: readonly { key: LimitKey; state: State | undefined }[]): Promise<boolean> {
    const items = loaded.map(({ key, state }) => {
      const next = countAttempt(key.policy, state, now());
      const keepUntil = state?.succeededAt === undefined ? 0 : Math.ceil((state.succeededAt + rememberMs) / 1000);
      return {
        Update: {
          TableName: table,
          Key: { pk: partitionOf(key) },
          UpdateExpression: 'SET attempts = :attempts, #at = :at, expiresAt = :expiry',
          ConditionExpression: state ? 'attempts = :read AND #at = :readAt' : 'attribute_not_exists(pk)',
          ExpressionAttributeNames: { '#at': 'at' },
          ExpressionAttributeValues: {
            ':attempts': next.attempts,
            ':at': next.at,
            ':expiry': Math.max(keepUntil, limitExpiry(key.policy, next)),
            ...(state && { ':read': state.attempts, ':readAt': state.at }),
          },
        },
      };
    });
    try {
      await clients.dynamodb.send(new TransactWriteCommand({ TransactItems: items }));
      return true;
    } catch (error) {
      if (refusalOf(error)?.retryable) return false;
      throw error;
    }
  }

  async function update(target: Target, change: object): Promise<void> {
    try {
      await clients.dynamodb.send(new UpdateCommand({ TableName: table, Key: { pk: partitionOf(target) }, ...change }));
    } catch (error) {
      // Nothing to take back: the caller was exempt, or the count is gone already.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  return {
    async attempt(keys) {
      for (let round = 1; round <= maxRounds; round++) {
        const loaded = await load(keys);
        const [longest] = loaded
          .filter(({ key }) => !key.onlyCounted)
          .map(({ key, state }) => ({ by: key.scope, wait: waitOf(key.policy, state, now()) }))
          .toSorted((a, b) => b.wait - a.wait);
        if (longest && longest.wait > 0)
          return { allowed: false, retryAfterSeconds: Math.ceil(longest.wait / 1000), by: longest.by };
        if (loaded.length === 0 || (await count(loaded))) return { allowed: true };
        await backOff(round);
      }
      // So many at once for the same account or address is what this is there to slow down.
      return { allowed: false, retryAfterSeconds: 1, by: 'contention' };
    },
    async succeeded(keys) {
      await Promise.all(
        keys.map(async (key) => {
          const remembers = keys.some(({ exemptBySuccessOf: by }) => by && isSame(key, by));
          await update(key, changeOf({ ...key, remembers }, now()));
        }),
      );
    },
  };
}

function changeOf({ clearedBySuccess, remembers }: Partial<LimitKey> & { remembers: boolean }, now: number): object {
  if (remembers) return rememberSuccess(now);
  return clearedBySuccess ? takeAllBack : takeBack;
}

const takeAllBack = {
  UpdateExpression: 'SET attempts = :none',
  ConditionExpression: 'attempts > :none',
  ExpressionAttributeValues: { ':none': 0 },
};

const takeBack = {
  UpdateExpression: 'ADD attempts :minusOne',
  ConditionExpression: 'attempts > :zero',
  ExpressionAttributeValues: { ':minusOne': -1, ':zero': 0 },
};

function rememberSuccess(now: number) {
  return {
    UpdateExpression: 'SET attempts = :none, #at = :now, succeededAt = :now, expiresAt = :expiry',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':none': 0, ':now': now, ':expiry': Math.ceil((now + rememberMs) / 1000) },
  };
}

function isSame(a: Target, b: Target): boolean {
  return a.scope === b.scope && a.value === b.value;
}

function partitionOf({ scope, value }: Target): string {
  return `${scope}#${createHash('sha256').update(value).digest('hex')}`;
}
