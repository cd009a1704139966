import { instantSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { keys, prefixes } from '../items/keys.ts';
import { expiryAfter, instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

const recordSchema = z.object({
  connectionId: z.string(),
  /** `origin_jti` of the login that opened it, so that a logout can cut it off. */
  sessionId: z.string(),
  connectedAt: instantSchema,
});
export type ConnectionRecord = z.infer<typeof recordSchema>;

export interface ConnectionStore {
  add(connection: Pick<ConnectionRecord, 'connectionId' | 'sessionId'>): Promise<void>;
  /** Undefined: it is none of this user's. */
  get(connectionId: string): Promise<ConnectionRecord | undefined>;
  remove(connectionId: string): Promise<void>;
  list(): Promise<ConnectionRecord[]>;
}

/** API Gateway ends every WebSocket after two hours. */
const keepSeconds = 3 * 3600;

export function createConnectionStore({ items, now }: Pick<StoreContext, 'items' | 'now'>): ConnectionStore {
  const list = () => items.query({ prefix: prefixes.connection }, recordSchema);

  return {
    async add({ connectionId, sessionId }) {
      const item = { connectionId, sessionId, connectedAt: instant(now()), expiresAt: expiryAfter(now(), keepSeconds) };
      await items.write({ kind: 'put', sk: keys.connection(connectionId), item });
    },
    get: (connectionId) => items.get(keys.connection(connectionId), recordSchema),
    async remove(connectionId) {
      await items.write({ kind: 'delete', sk: keys.connection(connectionId) });
    },
    list,
  };
}
