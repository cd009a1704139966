import { logger, type OpenErasure, type Tenant } from '@top-active/aws';
import { endAllLogins } from '../auth/end-logins.ts';
import { cutOff } from '../realtime/cut-off.ts';
import type { ErasureDeps } from './erasure-deps.ts';
import { revokeGoogle } from './revoke-google.ts';
import { isUnlinked, unlinkWhatsApp } from './unlink-whatsapp.ts';

/**
 * How far an erasure is. `waiting`: for the session host or Google, with all data still there · `deleting`: keys gone,
 * items going · `erased`: nothing is left, but somebody with an access token may still write · `complete`.
 */
export type ErasureProgress = 'waiting' | 'deleting' | 'erased' | 'complete';

/** Google gets so long to take the revocation; then the token is destroyed without. */
const googlePatienceMs = 15 * 60_000;
/** Longer than WebSockets' tickets and jobs of the assistant under way live. */
export const quietMs = 60 * 60_000;

/**
 * Takes one erasure as far as it gets now. Every step may be done any number of times, and each time all are: what a
 * late writer left after one pass is found by the next.
 */
export async function eraseAccount(
  erasure: OpenErasure,
  { deps, isTimeUp }: { deps: ErasureDeps; isTimeUp: () => boolean },
): Promise<ErasureProgress> {
  const { userId, again, left } = erasure;
  const { erasures, placements, realtime, removeUser, tenants } = deps;
  await removeUser(userId);
  const tenant = await tenants.for(userId);
  // Later its items are being deleted, this one's too, and where there is no login nobody gets in.
  if (left) await cutOff(await tenant.connections.list(), { tenant, realtime });
  else await endAllLogins('erasure', { tenant, realtime });
  if (!left && !(await leaveProviders(erasure, tenant, deps))) return 'waiting';
  // From here on nothing secret of the user can be read, whatever copies of it there are.
  await tenant.secrets.shred();
  if (!(await tenant.events.close(async () => left || (await isUnlinked(tenant))))) return 'waiting';
  if (!left) await erasures.noteLeft(userId);
  // Without late writers there is no need to hold the log's end for them.
  const last = again || deps.now() - Date.parse(erasure.requestedAt) > quietMs;
  if (!(await tenant.erasure.deleteItems({ last, isTimeUp }))) return 'deleting';
  await placements.release(userId);
  if (!last) return 'erased';
  // A key or an item that came meanwhile: the next pass finds it.
  if (!(await tenant.erasure.isEmpty())) return 'deleting';
  await erasures.complete(userId);
  return 'complete';
}

/** What can only be done while secrets can still be read. */
async function leaveProviders({ openedAt }: OpenErasure, tenant: Tenant, deps: ErasureDeps): Promise<boolean> {
  if (!(await unlinkWhatsApp(tenant))) return false;
  if (await revokeGoogle(tenant, deps.oauth)) return true;
  const isPatient = deps.now() - Date.parse(openedAt) <= googlePatienceMs;
  if (!isPatient) logger.error('Google never accepted the revocation; its token is deleted all the same');
  return !isPatient;
}
