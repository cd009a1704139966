import { createHash, randomBytes } from 'node:crypto';
import type { UserId } from '@top-active/core/contracts';
import { z } from 'zod';
import { keys } from '../items/keys.ts';
import { expiryAfter, instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

export interface TicketStore {
  /** A ticket for one WebSocket connect, good for 30 seconds. Only its hash is stored. */
  issue(input: { sessionId: string }): Promise<{ ticket: string; expiresAt: string }>;
  /** Gives the ticket to one connection, and to no other after it. Undefined when unknown, given away, or expired. */
  give(ticket: string, connectionId: string): Promise<{ sessionId: string } | undefined>;
  /** One use, by the connection that the ticket was given to: undefined for any other. */
  consume(ticket: string, connectionId: string): Promise<{ sessionId: string } | undefined>;
}

const validSeconds = 30;
const recordSchema = z.object({ sessionId: z.string(), connectionId: z.string().optional() });

export function createTicketStore({ items, now }: StoreContext, userId: UserId): TicketStore {
  return {
    async issue({ sessionId }) {
      const ticket = `${userId}.${randomBytes(32).toString('base64url')}`;
      const expiresAt = expiryAfter(now(), validSeconds);
      await items.write({ kind: 'put', sk: keys.ticket(sha256(ticket)), item: { sessionId, expiresAt } });
      return { ticket, expiresAt: instant(expiresAt * 1000) };
    },
    async give(ticket, connectionId) {
      const sk = keys.ticket(sha256(ticket));
      const found = await items.get(sk, recordSchema);
      if (!found) return undefined;
      const condition = { sessionId: found.sessionId, connectionId: undefined };
      const given = await items.write({ kind: 'update', sk, set: { connectionId }, condition });
      return given ? { sessionId: found.sessionId } : undefined;
    },
    async consume(ticket, connectionId) {
      const taken = await items.take(keys.ticket(sha256(ticket)), recordSchema);
      return taken?.connectionId === connectionId ? { sessionId: taken.sessionId } : undefined;
    },
  };
}

/** User whom a ticket claims to belong to, so that the right tenant can be asked whether it does. */
export function ticketUserId(ticket: string): UserId | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{43}$/.exec(ticket)?.[1];
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
