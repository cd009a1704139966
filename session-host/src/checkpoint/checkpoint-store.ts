import type { Snapshot } from './snapshot.ts';

export interface SavedCheckpoint {
  generation: number;
  /** Size as stored. */
  bytes: number;
}

/** Where one user's checkpoints are. An incremental store would be another implementation. */
export interface CheckpointStore {
  /** Durable when it returns. */
  save(snapshot: Snapshot): Promise<SavedCheckpoint>;
  /** The newest one that is intact, undefined when there is none. Damaged ones are skipped with an alarm in the log. */
  loadNewest(): Promise<Snapshot | undefined>;
  /** Whether there is any, intact or not. */
  exists(): Promise<boolean>;
  clear(): Promise<void>;
}
