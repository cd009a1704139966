import type { Snapshot } from './snapshot.ts';

interface SavedCheckpoint {
  generation: number;
  /** Size as stored. */
  bytes: number;
}

interface LoadedCheckpoint {
  generation: number;
  snapshot: Snapshot;
}

/** Where one user's checkpoints are. An incremental store would be another implementation. */
export interface CheckpointStore {
  /** Durable when it returns. */
  save(snapshot: Snapshot): Promise<SavedCheckpoint>;
  /**
   * The newest one that is intact, of those below a generation when one is given; undefined when there is none. Damaged ones
   * are skipped with an alarm in the log.
   */
  loadNewest(options?: { below?: number | undefined }): Promise<LoadedCheckpoint | undefined>;
  /** Whether there is any, intact or not. */
  exists(): Promise<boolean>;
  clear(): Promise<void>;
}
