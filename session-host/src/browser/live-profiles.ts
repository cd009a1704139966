import { chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { restoreSnapshot, type Snapshot } from '../checkpoint/snapshot.ts';

export interface LiveProfiles {
  /** A new profile folder that holds nothing, or what the snapshot holds. */
  create(snapshot: Snapshot | undefined): Promise<string>;
  remove(profileDir: string): Promise<void>;
  /** Removes what earlier runs left. No browser may be using it. */
  clear(): Promise<void>;
}

/** Profiles of running browsers, on the host's own disk. They hold keys in the clear, so they are gone when their session is. */
export function createLiveProfiles({ scratchDir, uid }: { scratchDir: string; uid: number | undefined }): LiveProfiles {
  return {
    remove,
    clear: () => remove(scratchDir),
    async create(snapshot) {
      // Others may pass through to a profile of theirs, but not look around.
      await mkdir(scratchDir, { recursive: true, mode: uid === undefined ? 0o700 : 0o711 });
      const profileDir = await mkdtemp(join(scratchDir, 'profile-'));
      if (snapshot) await restoreSnapshot(snapshot, profileDir);
      if (uid !== undefined) await giveTo(profileDir, uid);
      return profileDir;
    },
  };
}

/** A browser that was killed may still be leaving. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function giveTo(folder: string, uid: number): Promise<void> {
  await chown(folder, uid, uid);
  for (const path of await readdir(folder, { recursive: true })) await chown(join(folder, path), uid, uid);
}
