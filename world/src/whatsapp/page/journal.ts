import type { DeviceStore, StoredMessage } from './device-store.ts';
import type { WireClient } from './wire-client.ts';

export interface Journal {
  add(entry: { seq: number; message?: StoredMessage }): void;
}

/**
 * Writes what arrives to IndexedDB, one transaction at a time, and confirms it to the server only then: what is lost
 * with the process comes again.
 */
export function createJournal({ store, wire }: { store: DeviceStore; wire: WireClient }): Journal {
  let waiting: { seq: number; message?: StoredMessage }[] = [];
  let writing = false;

  async function flush(): Promise<void> {
    if (writing) return;
    writing = true;
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        const messages = batch.flatMap(({ message }) => (message === undefined ? [] : [message]));
        await store.keep(messages, batch.length);
        wire.send({ t: 'confirm', seqs: batch.map(({ seq }) => seq) });
      }
    } finally {
      writing = false;
    }
  }

  return {
    add(entry) {
      waiting.push(entry);
      void flush();
    },
  };
}
