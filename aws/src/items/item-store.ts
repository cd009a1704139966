import type { z } from 'zod';

/**
 * Condition on the item as it is before the write: `absent`, `present`, or attributes with the values they must have
 * (`undefined` = the attribute must be absent; `atMost` = absent, or a number up to this).
 */
export type Condition = 'absent' | 'present' | Readonly<Record<string, string | number | boolean | AtMost | undefined>>;

export interface AtMost {
  readonly atMost: number;
}

/** One write inside the tenant's own partition. The partition key is added by the store, never by the caller. */
export type Write =
  | {
      kind: 'put';
      sk: string;
      item: object;
      condition?: Condition | undefined;
      /** Sort key in the index `chats-by-activity`, for items that stand in it. */
      activity?: string | undefined;
    }
  | {
      kind: 'update';
      sk: string;
      set?: Readonly<Record<string, unknown>> | undefined;
      remove?: readonly string[] | undefined;
      add?: Readonly<Record<string, number>> | undefined;
      condition?: Condition | undefined;
    }
  | { kind: 'delete'; sk: string; condition?: Condition | undefined }
  | { kind: 'check'; sk: string; condition: Condition };

/** Between items as stores see them and as they lie in the table. Sort keys of queries are the same in both. */
export interface ItemSealing {
  /** @throws {TypeError} for a write that changes or compares in place what is sealed */
  toStored(write: Write): Promise<Write>;
  storedKey(sk: string): Promise<string>;
  /** @param sk as it was asked for; without it the item is one of a query */
  fromStored(item: unknown, sk?: string): Promise<unknown>;
}

export interface ItemQuery {
  /** All sort keys read start with it. */
  prefix: string;
  /** Inclusive bounds of what follows the prefix. */
  from?: string | undefined;
  to?: string | undefined;
  descending?: boolean | undefined;
  /** Also what has passed its `expiresAt` and isn't swept yet: for who deletes. */
  evenExpired?: boolean | undefined;
  /** Without a limit everything under the prefix is read, page by page. */
  limit?: number | undefined;
}

/**
 * Low-level access to one user's partition of the table `items`. Reads are strongly consistent, and an item whose
 * `expiresAt` has passed counts as absent, whether DynamoDB has swept it or not. An item that its schema can't read is
 * left out of a list, and counted (`noteUnreadable`); asked for alone, it throws what the schema throws.
 */
export interface ItemStore {
  /** @param options.evenExpired also what has passed its `expiresAt` and isn't swept yet: for who deletes */
  get<S extends z.ZodType>(sk: string, schema: S, options?: { evenExpired: boolean }): Promise<z.infer<S> | undefined>;
  /** In the order of `sks`, without the absent ones. */
  getMany<S extends z.ZodType>(sks: readonly string[], schema: S): Promise<z.infer<S>[]>;
  query<S extends z.ZodType>(query: ItemQuery, schema: S): Promise<z.infer<S>[]>;
  /**
   * The index `chats-by-activity`, newest first, eventually consistent. `below` is an exclusive upper bound of its sort
   * key.
   */
  queryChatsByActivity<S extends z.ZodType>(
    query: { below?: string | undefined; limit: number },
    schema: S,
  ): Promise<z.infer<S>[]>;
  /** One write; false when its condition didn't hold. */
  write(write: Write): Promise<boolean>;
  /** Deletes and returns what was there, so that exactly one of several callers gets it. */
  take<S extends z.ZodType>(sk: string, schema: S): Promise<z.infer<S> | undefined>;
  /**
   * All writes or none, at most 100.
   * @throws {TransactionRefused} when a condition doesn't hold or another transaction is in the way
   */
  transact(writes: readonly Write[]): Promise<void>;
}
