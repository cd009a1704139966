/** The state of a LevelDB database as its MANIFEST tells it. */
export interface Manifest {
  comparator: string;
  /** Logs with a lower number are no longer needed, but for `previousLogNumber`. */
  logNumber: number;
  previousLogNumber: number;
  nextFileNumber: number;
  /** Highest sequence number that has left the logs for tables. */
  lastSequence: number;
  /** Live tables: file number → size in bytes. */
  tables: Map<number, number>;
}

export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

const tags = {
  comparator: 1,
  logNumber: 2,
  nextFileNumber: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLogNumber: 9,
} as const;

/**
 * Applies all version edits of a MANIFEST, in order.
 * @throws {ManifestError} for an edit that isn't understood
 */
export function readManifest(edits: readonly Buffer[]): Manifest {
  const manifest: Manifest = {
    comparator: '',
    logNumber: 0,
    previousLogNumber: 0,
    nextFileNumber: 0,
    lastSequence: 0,
    tables: new Map(),
  };
  for (const edit of edits) applyEdit(manifest, edit);
  return manifest;
}

function applyEdit(manifest: Manifest, edit: Buffer): void {
  const cursor = { bytes: edit, offset: 0 };
  while (cursor.offset < edit.length) {
    const tag = readVarint(cursor);
    if (tag === tags.comparator) manifest.comparator = readBytes(cursor).toString();
    else if (tag === tags.logNumber) manifest.logNumber = readVarint(cursor);
    else if (tag === tags.nextFileNumber) manifest.nextFileNumber = readVarint(cursor);
    else if (tag === tags.lastSequence) manifest.lastSequence = readVarint(cursor);
    else if (tag === tags.previousLogNumber) manifest.previousLogNumber = readVarint(cursor);
    else if (tag === tags.compactPointer) {
      readVarint(cursor);
      readBytes(cursor);
    } else if (tag === tags.deletedFile) {
      readVarint(cursor);
      manifest.tables.delete(readVarint(cursor));
    } else if (tag === tags.newFile) {
      readVarint(cursor);
      const number = readVarint(cursor);
      manifest.tables.set(number, readVarint(cursor));
      readBytes(cursor);
      readBytes(cursor);
    } else throw new ManifestError(`Unknown tag ${tag} in a version edit`);
  }
}

interface Cursor {
  bytes: Buffer;
  offset: number;
}

function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.offset++];
    if (byte === undefined) throw new ManifestError('A version edit ends within a number');
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

function readBytes(cursor: Cursor): Buffer {
  const length = readVarint(cursor);
  const start = cursor.offset;
  cursor.offset += length;
  if (cursor.offset > cursor.bytes.length) throw new ManifestError('A version edit ends within a string');
  return cursor.bytes.subarray(start, cursor.offset);
}
