import { withDeadline } from '../engine/with-deadline.ts';
import type { HostBase, HostParts } from './host-parts.ts';

/**
 * Hands over every shard within the configured time, then ends what there is, in order. Resolves when nothing runs any
 * more.
 */
export async function stopHost(
  { config, clients, homes, log, tenants, ...base }: HostBase,
  parts: HostParts,
): Promise<void> {
  const { stopping, hurrying } = base;
  log.info('Session host stops', { sessions: parts.runtimes?.running ?? 0 });
  const hurried = new Promise<void>((resolve) => hurrying.signal.addEventListener('abort', () => resolve()));
  try {
    // Shard by shard: those that are not handed over yet go on.
    await withDeadline(Promise.race([parts.keeper?.drain(), hurried]), config.stopTimeoutMs, 'Handing over the shards');
  } catch (error) {
    log.error('Not every session could be stopped in order', {}, error);
  }
  stopping.abort();
  hurrying.abort();
  await parts.service?.settled();
  await parts.tending;
  // Without the place, what is there is another host's.
  if (parts.place) await homes.close();
  await parts.egress?.close();
  parts.report?.stop();
  await parts.health?.close();
  await tenants.close();
  // Last, when nothing runs for anybody any more.
  await parts.keeper?.end().catch((error: unknown) => log.warn('The leases could not be released', {}, error));
  await parts.place?.leave();
  clients.close();
  parts.unguard?.();
  log.info('Session host stopped');
}
