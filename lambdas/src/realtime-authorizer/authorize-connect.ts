import { ticketUserId, type Tenants } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';

/**
 * Whom a ticket lets in, over this connection alone. Undefined: unknown, used, expired, or of a login that has ended.
 */
export async function authorizeConnect(
  { ticket, connectionId }: { ticket: string | undefined; connectionId: string },
  tenants: Tenants,
): Promise<{ userId: UserId; sessionId: string } | undefined> {
  const userId = ticket && ticketUserId(ticket);
  if (!ticket || !userId) return undefined;
  const tenant = await tenants.for(userId);
  const given = await tenant.tickets.give(ticket, connectionId);
  if (!given || !(await tenant.logins.isLive(given.sessionId))) return undefined;
  return { userId, sessionId: given.sessionId };
}
