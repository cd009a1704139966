import { metrics, type Log } from '@top-active/aws';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { SessionFiles } from './session-files.ts';
import { digestOf, takeSnapshot } from './snapshot.ts';

/** A checkpoint may take this share of the time at most; a large profile is saved less often. */
const busyShare = 0.05;

export interface Checkpointer {
  /** Something has changed: save it soon. */
  request(): void;
  /** The browser is about to be closed: read what only the page can tell. */
  readPage(): Promise<void>;
  /** The browser is gone: save what it left. Resolves when saved, or when that failed (and was logged). */
  saveFinal(): Promise<void>;
  /** No more requests are served; waits for the save that runs. */
  close(): Promise<void>;
}

export function createCheckpointer({
  store,
  copySession,
  chromiumVersion,
  readLocalStorage,
  localStorage: initialLocalStorage = {},
  minIntervalMs,
  log,
  onSaved,
}: {
  store: CheckpointStore;
  /** Copies the files of the live or left profile. */
  copySession: () => Promise<SessionFiles | undefined>;
  chromiumVersion: string;
  /** From the live page. */
  readLocalStorage: () => Promise<Record<string, string>>;
  /** As the profile was restored with. */
  localStorage?: Readonly<Record<string, string>> | undefined;
  minIntervalMs: number;
  log: Log;
  onSaved: (takenAt: Date) => void;
}): Checkpointer {
  let localStorage = initialLocalStorage;
  let lastDigest: string | undefined;
  let notBefore = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> | undefined;
  let wanted = false;
  let closed = false;

  async function save({ live }: { live: boolean }): Promise<void> {
    const begun = performance.now();
    try {
      if (live) localStorage = await readLocalStorage();
      const snapshot = await takeSnapshot({ copySession, localStorage, chromiumVersion });
      if (!snapshot) return;
      const digest = digestOf(snapshot);
      if (digest !== lastDigest) {
        const { generation, bytes } = await store.save(snapshot);
        lastDigest = digest;
        log.debug('Checkpoint saved', { generation, bytes, ms: Math.round(performance.now() - begun) });
      }
      onSaved(snapshot.takenAt);
    } catch (error) {
      metrics.emit('CheckpointFailures');
      log.error('No checkpoint could be saved', { live }, error);
    } finally {
      const took = performance.now() - begun;
      notBefore = performance.now() + Math.max(minIntervalMs, took / busyShare);
    }
  }

  function schedule(): void {
    if (closed || saving || timer || !wanted) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        wanted = false;
        saving = save({ live: true }).finally(() => {
          saving = undefined;
          schedule();
        });
      },
      Math.max(0, notBefore - performance.now()),
    );
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    await saving;
  }

  return {
    request() {
      wanted = true;
      schedule();
    },
    close,
    async readPage() {
      try {
        localStorage = await readLocalStorage();
      } catch (error) {
        log.warn('Local Storage could not be read before the end', {}, error);
      }
    },
    async saveFinal() {
      await close();
      await save({ live: false });
    },
  };
}
