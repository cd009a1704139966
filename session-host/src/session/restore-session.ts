import type { Log } from '@top-active/aws';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { NewerBrowserError } from '../checkpoint/newer-browser.ts';
import type { Snapshot } from '../checkpoint/snapshot.ts';
import { untilStored } from '../inbound/until-stored.ts';
import type { Outcome } from './browser-run-deps.ts';

interface Restored {
  /** Both undefined: there is nothing to restore. */
  generation?: number;
  snapshot?: Snapshot;
}

type GaveUp = Extract<Outcome, { type: 'gave-up' }>;

interface RestoreOptions {
  checkpoints: CheckpointStore;
  /** Only what is older than this generation. */
  below: number | undefined;
  log: Log;
  /** Ends retries when the host is in a hurry. */
  signal: AbortSignal;
}

/** What a session begins with: the newest checkpoint that can be opened, or why none may be. */
export async function restoreSession(options: RestoreOptions): Promise<Restored | GaveUp> {
  const { checkpoints, below, log, signal } = options;
  async function open(): Promise<Restored | GaveUp | undefined> {
    try {
      return await checkpoints.loadNewest({ below });
    } catch (error) {
      if (error instanceof NewerBrowserError) return { type: 'gave-up', failure: 'host_outdated' };
      throw error;
    }
  }
  return (await untilStored(open, { what: 'restoring', log, signal })) ?? {};
}

/** @returns `whenUnknown` when the file system doesn't tell */
export async function hasCheckpoints(
  { checkpoints, log }: Pick<RestoreOptions, 'checkpoints' | 'log'>,
  whenUnknown: boolean,
): Promise<boolean> {
  return checkpoints.exists().catch((error: unknown) => {
    log.error('The checkpoints could not be listed', {}, error);
    return whenUnknown;
  });
}
