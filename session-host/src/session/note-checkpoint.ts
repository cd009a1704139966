import type { Log, WhatsAppStore } from '@top-active/aws';
import type { Inbound } from '../inbound/inbound.ts';

/**
 * Notes now and then that everything until a checkpoint is stored. One that is taken before some message was stored
 * says nothing.
 */
export function createCheckpointNote({
  whatsapp,
  inbound,
  everyMs,
  log,
}: {
  whatsapp: Pick<WhatsAppStore, 'noteCheckpoint'>;
  inbound: Inbound;
  everyMs: number;
  log: Log;
}): (generation: number, takenAt: Date) => void {
  let notedAt = -Infinity;
  return (generation, takenAt) => {
    const caughtUpAt = inbound.caughtUpAt();
    if (!caughtUpAt || caughtUpAt < takenAt || performance.now() - notedAt < everyMs) return;
    notedAt = performance.now();
    whatsapp
      .noteCheckpoint(generation, takenAt.toISOString())
      .catch((error: unknown) => log.warn('The time of the checkpoint could not be stored', {}, error));
  };
}
