import { instantSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { keys } from '../items/keys.ts';
import { expiryAfter, instant, type StoreContext } from './store-context.ts';

export interface ConnectionRecord {
  connectionId: string;
  /** `origin_jti` of the login that opened it, so that a logout can cut it off. */
  sessionId: string;
  connectedAt: string;
}

export interface ConnectionStore {
  add(connection: Pick<ConnectionRecord, 'connectionId' | 'sessionId'>): Promise<void>;
  remove(connectionId: string): Promise<void>;
  list(): Promise<ConnectionRecord[]>;
}

/** API Gateway ends every WebSocket after two hours. */
const keepSeconds = 3 * 3600;
const recordSchema = z.object({ connectionId: z.string(), sessionId: z.string(), connectedAt: instantSchema });

export function createConnectionStore({ items, now }: Pick<StoreContext, 'items' | 'now'>): ConnectionStore {
  return {
    async add({ connectionId, sessionId }) {
      const item = { connectionId, sessionId, connectedAt: instant(now()), expiresAt: expiryAfter(now(), keepSeconds) };
      await items.write({ kind: 'put', sk: keys.connection(connectionId), item });
    },
    async remove(connectionId) {
      await items.write({ kind: 'delete', sk: keys.connection(connectionId) });
    },
    list: () => items.query({ prefix: keys.connections }, recordSchema),
  };
}
