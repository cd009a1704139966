import { ticketUserId, type Tenants } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';

/** Whom a ticket lets in, over this connection alone. Undefined: unknown, used, or expired. */
export async function authorizeConnect(
  { ticket, connectionId }: { ticket: string | undefined; connectionId: string },
  tenants: Tenants,
): Promise<{ userId: UserId; sessionId: string } | undefined> {
  const userId = ticket && ticketUserId(ticket);
  if (!ticket || !userId) return undefined;
  const tenant = await tenants.for(userId);
  const given = await tenant.tickets.give(ticket, connectionId);
  return given && { userId, sessionId: given.sessionId };
}
