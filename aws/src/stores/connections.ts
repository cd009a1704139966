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
  /** False: its login has ended, and it must be refused. */
  add(connection: Pick<ConnectionRecord, 'connectionId' | 'sessionId'>): Promise<boolean>;
  /** Undefined: it is none of this user's. */
  get(connectionId: string): Promise<ConnectionRecord | undefined>;
  remove(connectionId: string): Promise<void>;
  list(): Promise<ConnectionRecord[]>;
  /** From now on no connection of that login is added. Tells which there are. */
  endSession(sessionId: string): Promise<ConnectionRecord[]>;
}

/** API Gateway ends every WebSocket after two hours. */
const keepSeconds = 3 * 3600;
/** Longer than an access token and a ticket got with it live: until then somebody may come with them. */
const keepEndSeconds = 15 * 60;
const endSchema = z.object({ sessionId: z.string() });

export function createConnectionStore({ items, now }: Pick<StoreContext, 'items' | 'now'>): ConnectionStore {
  const list = () => items.query({ prefix: prefixes.connection }, recordSchema);

  return {
    async add({ connectionId, sessionId }) {
      const item = { connectionId, sessionId, connectedAt: instant(now()), expiresAt: expiryAfter(now(), keepSeconds) };
      await items.write({ kind: 'put', sk: keys.connection(connectionId), item });
      // After the write, as the end is written before the list is read: one of the two sees the other.
      if (!(await items.get(keys.endedSession(sessionId), endSchema))) return true;
      await items.write({ kind: 'delete', sk: keys.connection(connectionId) });
      return false;
    },
    get: (connectionId) => items.get(keys.connection(connectionId), recordSchema),
    async remove(connectionId) {
      await items.write({ kind: 'delete', sk: keys.connection(connectionId) });
    },
    list,
    async endSession(sessionId) {
      const item = { sessionId, expiresAt: expiryAfter(now(), keepEndSeconds) };
      await items.write({ kind: 'put', sk: keys.endedSession(sessionId), item });
      return (await list()).filter((connection) => connection.sessionId === sessionId);
    },
  };
}
