import type { Tenant } from '@top-active/aws';
import type { LinkState } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';

/** A session that is on its way back sends later; one that is gone never would. */
const sendingStates = new Set<LinkState>(['linked', 'reconnecting', 'syncing']);

/** @throws {AppError} `whatsapp_not_linked` */
export async function requireLinked(tenant: Tenant): Promise<void> {
  const { state, desired } = await tenant.whatsapp.get();
  if (desired === 'off' || !sendingStates.has(state)) throw new AppError('whatsapp_not_linked');
}
