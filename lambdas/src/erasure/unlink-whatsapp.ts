import type { Tenant } from '@top-active/aws';
import type { HostCommandKind } from '@top-active/core/contracts';

/**
 * Has the session host log out at the phone and delete the session's checkpoints and profile. True once the host has
 * done it, or when nothing was ever linked; it takes the host until then.
 */
export async function unlinkWhatsApp(tenant: Tenant): Promise<boolean> {
  if (await isUnlinked(tenant)) return true;
  if (!(await hasOrder(tenant, ['link.stop']))) await tenant.whatsapp.requestStop();
  return false;
}

/** Neither linked, nor about to be, nor does the host still have to act. */
export async function isUnlinked(tenant: Tenant): Promise<boolean> {
  const { state, desired } = await tenant.whatsapp.get();
  return state === 'unlinked' && desired === 'off' && !(await hasOrder(tenant, ['link.start', 'link.stop']));
}

async function hasOrder(tenant: Tenant, kinds: readonly HostCommandKind[]): Promise<boolean> {
  return (await tenant.commands.open()).some(({ command }) => kinds.includes(command.kind));
}
