export interface TicketStore {
  /** A ticket for one WebSocket connect, good for 30 seconds. Only its hash is stored. */
  issue(input: { sessionId: string }): Promise<{ ticket: string; expiresAt: string }>;
  /** One use: undefined when unknown, used, or expired. */
  consume(ticket: string): Promise<{ sessionId: string } | undefined>;
}

/** User whom a ticket claims to belong to, so that the right tenant can be asked whether it does. */
export function ticketUserId(ticket: string): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{43}$/.exec(ticket)?.[1];
}
