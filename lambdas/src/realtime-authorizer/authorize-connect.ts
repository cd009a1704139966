import { ticketUserId, type Tenants } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';

/** Whom a ticket lets in, once. Undefined: unknown, used, or expired. */
export async function authorizeConnect(
  ticket: string | undefined,
  tenants: Tenants,
): Promise<{ userId: UserId; sessionId: string } | undefined> {
  const userId = ticket && ticketUserId(ticket);
  if (!ticket || !userId) return undefined;
  const tenant = await tenants.for(userId);
  const redeemed = await tenant.tickets.consume(ticket);
  return redeemed && { userId, sessionId: redeemed.sessionId };
}
