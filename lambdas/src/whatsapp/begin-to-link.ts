import type { Limiter, Placements, Tenant, WhatsAppRecord } from '@top-active/aws';
import type { ConnectWhatsAppRequest, LinkState } from '@top-active/core/contracts';
import { linkLimitKeys, pairingLimitKeys } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { countAttempt } from '../http/attempts.ts';
import { requireNotice } from './require-notice.ts';

/** An attempt runs, and nothing has happened on the phone yet. */
const waitingStates = new Set<LinkState>(['starting', 'qr', 'code']);

interface LinkDeps {
  tenant: Tenant;
  placements: Placements;
  limiter: Limiter;
}

/**
 * @throws {AppError} `whatsapp_notice_not_accepted`, `whatsapp_already_connecting`, `whatsapp_already_linked`,
 * `whatsapp_restricted`, `too_many_attempts`
 */
export async function beginToLink(request: ConnectWhatsAppRequest, deps: LinkDeps): Promise<WhatsAppRecord> {
  await requireNotice(deps.tenant);
  return begin(request, deps);
}

async function begin(
  request: ConnectWhatsAppRequest,
  { tenant, placements, limiter }: LinkDeps,
): Promise<WhatsAppRecord> {
  await countAttempt(limiter, linkLimitKeys(tenant.userId));
  // Placed before the attempt is stored: a host that restarts in between finds a user who wants no session, and waits.
  await placements.assign(tenant.userId);
  return (await tenant.whatsapp.beginConnect(request)).status;
}

/**
 * Begins to link where nothing is being linked, and has the host ask WhatsApp for a code.
 * @param request `phone`: international digits
 * @throws {AppError} as `beginToLink`; `whatsapp_already_connecting` also once the phone has scanned or typed a code;
 *   `too_many_attempts`: WhatsApp would take offence at one more
 */
export async function pairByCode(
  { phone, ...request }: ConnectWhatsAppRequest & { phone: string },
  deps: LinkDeps,
): Promise<WhatsAppRecord> {
  const { tenant, limiter } = deps;
  await requireNotice(tenant);
  await countAttempt(limiter, pairingLimitKeys({ userId: tenant.userId, phone }));
  if (!isWaiting(await tenant.whatsapp.get())) await begin(request, deps);
  await tenant.commands.create({
    command: async () => {
      if (!isWaiting(await tenant.whatsapp.get())) throw new AppError('whatsapp_already_connecting');
      return { kind: 'link.pair', phone };
    },
  });
  return tenant.whatsapp.get();
}

/** Nothing to do where no code is shown. */
export async function pairByQr(tenant: Tenant): Promise<WhatsAppRecord> {
  const status = await tenant.whatsapp.get();
  if (status.state === 'code') await tenant.commands.create({ command: { kind: 'link.qr' } });
  return status;
}

function isWaiting({ state, desired }: WhatsAppRecord): boolean {
  return desired === 'on' && waitingStates.has(state);
}
