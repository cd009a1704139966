import type { Log, WhatsAppStore } from '@top-active/aws';
import { untilStored } from '../inbound/until-stored.ts';
import type { LinkStatus } from './link-machine.ts';

export interface StatusWriter {
  /** Writes the status unless a newer one overtakes it. */
  write(status: LinkStatus): void;
  /** Resolves when what was written is stored. */
  settled(): Promise<void>;
}

/** Writes a session's status in order, one write at a time, the newest first when several wait. */
export function createStatusWriter({
  whatsapp,
  generation,
  log,
  signal,
  onSuperseded,
}: {
  whatsapp: Pick<WhatsAppStore, 'update'>;
  generation: number;
  log: Log;
  signal: AbortSignal;
  /** The attempt is no longer the current one. */
  onSuperseded: () => void;
}): StatusWriter {
  let next: LinkStatus | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (next) {
      const status = next;
      next = undefined;
      try {
        const accepted = await untilStored(() => whatsapp.update(generation, status), {
          what: 'link status',
          log,
          signal,
        });
        if (accepted === false) onSuperseded();
      } catch (error) {
        log.error('The link status was not stored', { state: status.state }, error);
      }
    }
    writing = undefined;
  }

  return {
    write(status) {
      next = status;
      writing ??= writeAll();
    },
    settled: async () => writing,
  };
}
