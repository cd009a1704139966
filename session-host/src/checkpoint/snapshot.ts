import type { Stamps } from './copied-file.ts';
import { verifyDatabase } from './leveldb/verify-database.ts';
import { databaseFolder, type SessionCopy, type SessionFiles } from './session-files.ts';

/** What of a browser profile makes the session: IndexedDB with its blobs, and Local Storage. The rest is caches. */
export interface Snapshot {
  takenAt: Date;
  /** The browser that wrote it. */
  chromiumVersion: string;
  files: SessionFiles;
  localStorage: Readonly<Record<string, string>>;
}

/** A snapshot as it is taken: without the contents that are stored already. */
export type TakenSnapshot = Omit<Snapshot, 'files'> & { files: SessionCopy };

export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * Takes the session out of a profile, also of one in use.
 * @returns undefined when the page has stored nothing yet
 * @throws {CopyError} when no consistent copy could be had; {SnapshotError} when the copy is damaged
 */
export async function takeSnapshot({
  copySession,
  known,
  localStorage,
  chromiumVersion,
}: {
  /** Copies the profile's files. */
  copySession: (known: Stamps) => Promise<SessionCopy | undefined>;
  /** Of files whose content is stored already. */
  known: Stamps;
  localStorage: Readonly<Record<string, string>>;
  chromiumVersion: string;
}): Promise<TakenSnapshot | undefined> {
  const takenAt = new Date();
  const files = await copySession(known);
  if (!files) return undefined;
  const problems = verifySession(new Map([...files].map(([path, { size, content }]) => [path, content ?? size])));
  if (problems.length > 0) throw new SnapshotError(`The copy is damaged: ${problems.join(', ')}`);
  return { takenAt, chromiumVersion, files, localStorage };
}

/**
 * @param files content by path, or the size alone of one that was verified before
 * @returns what is wrong, empty when the session can be restored without loss
 */
export function verifySession(files: ReadonlyMap<string, Buffer | number>): string[] {
  const database = new Map<string, Buffer | number>();
  for (const [path, file] of files)
    if (path.startsWith(`${databaseFolder}/`)) database.set(path.slice(databaseFolder.length + 1), file);
  return verifyDatabase(database);
}
