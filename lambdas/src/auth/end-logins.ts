import type { EndOfLogin, Realtime, Tenant } from '@top-active/aws';
import { cutOff } from '../realtime/cut-off.ts';

/** Ends every login of a user: access tokens are refused from now on, and the WebSockets are closed. */
export async function endAllLogins(
  why: Extract<EndOfLogin, 'new_password' | 'erasure'>,
  { tenant, realtime }: { tenant: Tenant; realtime: Realtime },
): Promise<void> {
  await tenant.logins.endAll(why);
  await cutOff(await tenant.connections.list(), { tenant, realtime });
}

/** Ends one login on all of its tabs, and no other. */
export async function endLogin(
  { sessionId, why }: { sessionId: string; why: Extract<EndOfLogin, 'logout' | 'reuse'> },
  { tenant, realtime }: { tenant: Tenant; realtime: Realtime },
): Promise<void> {
  await tenant.logins.end(sessionId, why);
  const connections = await tenant.connections.list();
  const ofLogin = connections.filter((connection) => connection.sessionId === sessionId);
  await cutOff(ofLogin, { tenant, realtime });
}
