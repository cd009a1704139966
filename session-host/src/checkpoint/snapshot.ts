import { createHash } from 'node:crypto';
import { z } from 'zod';
import { verifyDatabase } from './leveldb/verify-database.ts';
import { databaseFolder, sessionPath, type SessionFiles } from './session-files.ts';

const magic = Buffer.from('TACP0001', 'latin1');

/** What of a browser profile makes the session: IndexedDB with its blobs, and Local Storage. The rest is caches. */
export interface Snapshot {
  takenAt: Date;
  /** The browser that wrote it. */
  chromiumVersion: string;
  files: SessionFiles;
  localStorage: Readonly<Record<string, string>>;
}

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
  localStorage,
  chromiumVersion,
}: {
  /** Copies the profile's files. */
  copySession: () => Promise<SessionFiles | undefined>;
  localStorage: Readonly<Record<string, string>>;
  chromiumVersion: string;
}): Promise<Snapshot | undefined> {
  const takenAt = new Date();
  const files = await copySession();
  if (!files) return undefined;
  const snapshot = { takenAt, chromiumVersion, files, localStorage };
  const problems = verifySnapshot(snapshot);
  if (problems.length > 0) throw new SnapshotError(`The copy is damaged: ${problems.join(', ')}`);
  return snapshot;
}

/** @returns what is wrong, empty when the session can be restored from it without loss */
export function verifySnapshot({ files }: Snapshot): string[] {
  const database = new Map<string, Buffer>();
  for (const [path, content] of files)
    if (path.startsWith(`${databaseFolder}/`)) database.set(path.slice(databaseFolder.length + 1), content);
  return verifyDatabase(database);
}

/** Equal for snapshots that would restore the same session. */
export function digestOf({ files, localStorage }: Snapshot): string {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(localStorage).toSorted(byFirst)));
  for (const [path, content] of [...files].toSorted(byFirst))
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  return hash.digest('base64');
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

const headerSchema = z.object({
  version: z.literal(1),
  takenAt: z.iso.datetime(),
  chromiumVersion: z.string(),
  localStorage: z.record(z.string(), z.string()),
  files: z.array(z.object({ path: z.string().regex(sessionPath), size: z.int().min(0) })),
});

/** Magic, length of the header (uint32, little endian), header (JSON), then the files' contents one after the other. */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const files = [...snapshot.files];
  const header = Buffer.from(
    JSON.stringify({
      version: 1,
      takenAt: snapshot.takenAt.toISOString(),
      chromiumVersion: snapshot.chromiumVersion,
      localStorage: snapshot.localStorage,
      files: files.map(([path, content]) => ({ path, size: content.length })),
    } satisfies z.input<typeof headerSchema>),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([magic, length, header, ...files.map(([, content]) => content)]);
}

/** @throws {SnapshotError} for anything that `encodeSnapshot` doesn't make */
export function decodeSnapshot(archive: Buffer): Snapshot {
  const start = magic.length + 4;
  if (archive.length < start || !archive.subarray(0, magic.length).equals(magic))
    throw new SnapshotError('Not a snapshot');
  const bodies = start + archive.readUInt32LE(magic.length);
  const { takenAt, chromiumVersion, localStorage, files } = readHeader(archive.subarray(start, bodies));
  const contents = new Map<string, Buffer>();
  let offset = bodies;
  for (const { path, size } of files) {
    contents.set(path, archive.subarray(offset, offset + size));
    offset += size;
  }
  if (offset !== archive.length) throw new SnapshotError('The snapshot has another length than its files');
  return { takenAt: new Date(takenAt), chromiumVersion, localStorage, files: contents };
}

function readHeader(bytes: Buffer): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw new SnapshotError('The header of the snapshot is unreadable', { cause: error });
  }
}
