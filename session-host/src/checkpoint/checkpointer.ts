import { setTimeout as delay } from 'node:timers/promises';
import { FencedError, metrics, type Log } from '@top-active/aws';
import { withDeadline } from '../engine/with-deadline.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { stampsOf, type Stamps } from './copied-file.ts';
import type { SessionCopy } from './session-files.ts';
import { SnapshotError, takeSnapshot } from './snapshot.ts';

/** A checkpoint may take this share of the time at most; where disks are slow it is saved less often. */
const busyShare = 0.05;
/** A page that doesn't answer doesn't hold up the checkpoint. */
const pageAnswersMs = 3_000;
const finalTries = 3;
const finalPauseMs = 1_000;

export interface Checkpointer {
  /** Something has changed: save it soon. */
  request(): void;
  /** The browser is about to be closed: read what only the page can tell. */
  readPage(): Promise<void>;
  /** The browser is gone: save what it left. Resolves when saved, or when that failed at every try (and was logged). */
  saveFinal(): Promise<void>;
  /** No more requests are served; waits for the save that runs. */
  close(): Promise<void>;
}

/** Saves the session of one browser's profile. */
export function createCheckpointer({
  store,
  copySession,
  chromiumVersion,
  readLocalStorage,
  localStorage: initialLocalStorage = {},
  minIntervalMs,
  log,
  onSaved,
  onFenced,
}: {
  store: CheckpointStore;
  /** Copies the files of the live or left profile. */
  copySession: (known: Stamps) => Promise<SessionCopy | undefined>;
  chromiumVersion: string;
  /** From the live page. */
  readLocalStorage: () => Promise<Record<string, string>>;
  /** As the profile was restored with. */
  localStorage?: Readonly<Record<string, string>> | undefined;
  minIntervalMs: number;
  log: Log;
  onSaved: (takenAt: Date) => void;
  /** Another host has the user: nothing more is saved, and nothing may run here for them. */
  onFenced: () => void;
}): Checkpointer {
  let localStorage = initialLocalStorage;
  /** Of the files in this profile as they were saved last. */
  let stamps: Stamps = new Map();
  let notBefore = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<unknown> | undefined;
  let wanted = false;
  let closed = false;

  async function readPage(): Promise<void> {
    try {
      localStorage = await withDeadline(readLocalStorage(), pageAnswersMs, 'Reading Local Storage');
    } catch (error) {
      // What it was before goes well with the files, which matter more.
      log.warn('Local Storage could not be read', {}, error);
    }
  }

  async function copyAndSave(): Promise<void> {
    const begun = performance.now();
    const held = await store.held();
    const known = new Map([...stamps].filter(([path]) => held.has(path)));
    const snapshot = await takeSnapshot({ copySession, known, localStorage, chromiumVersion });
    if (!snapshot) return;
    const { generation, bytes } = await store.save(snapshot);
    stamps = stampsOf(snapshot.files);
    const ms = Math.round(performance.now() - begun);
    if (bytes > 0) log.debug('Checkpoint saved', { generation, bytes, ms });
    onSaved(snapshot.takenAt);
  }

  /** @returns whether it is worth another try */
  async function save({ live }: { live: boolean }): Promise<boolean> {
    const begun = performance.now();
    try {
      if (live) await readPage();
      await copyAndSave();
      return false;
    } catch (error) {
      metrics.emit('CheckpointFailures');
      log.error('No checkpoint could be saved', { live }, error);
      if (error instanceof FencedError) {
        closed = true;
        onFenced();
      }
      // What a dead browser left won't get better.
      return !(error instanceof FencedError || (error instanceof SnapshotError && !live));
    } finally {
      const took = performance.now() - begun;
      notBefore = performance.now() + Math.max(minIntervalMs, took / busyShare);
    }
  }

  async function saveNow(): Promise<void> {
    wanted = false;
    if (await save({ live: true })) wanted = true;
    saving = undefined;
    schedule();
  }

  function schedule(): void {
    if (closed || saving || timer || !wanted) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        saving = saveNow();
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
    readPage,
    async saveFinal() {
      await close();
      for (let attempt = 1; (await save({ live: false })) && attempt < finalTries; attempt++) await delay(finalPauseMs);
    },
  };
}
