import type { WhatsAppStatus } from '@top-active/core/contracts';

/**
 * Whether a linked session has nothing to do: no message in any chat for so long, nor since it was linked. It costs
 * memory that others could use, so it is ended; its owner is told, and brings it back without a new code.
 */
export function isIdle(
  {
    status,
    newestActivityAt,
  }: { status: Pick<WhatsAppStatus, 'state' | 'linkedAt'>; newestActivityAt: string | undefined },
  { now, idleAfterMs }: { now: number; idleAfterMs: number },
): boolean {
  if (status.state !== 'linked' || status.linkedAt === undefined) return false;
  const newest = Math.max(
    Date.parse(status.linkedAt),
    newestActivityAt === undefined ? 0 : Date.parse(newestActivityAt),
  );
  return now - newest >= idleAfterMs;
}
