import { crc32c, unmaskCrc } from './crc32c.ts';
import { logNumber, manifestName, tableNumber } from './file-names.ts';
import { parseLog } from './log-format.ts';
import { ManifestError, readManifest, type Manifest } from './manifest.ts';

const tableMagic = 0xdb4775248b80fb57n;
const footerSize = 48;
const blockTrailerSize = 5;
const batchHeaderSize = 12;

/**
 * Checks a copied LevelDB database without opening it: the files that the manifest names with their sizes, footers and
 * index checksums, the logs' checksums, and that the write batches' sequence numbers leave no hole. A database with a
 * hole opens without complaint, and "ready" comes, with silently missing records: only this check sees it.
 * @param files content by name; a table that was found intact before may be given by its size alone
 * @returns what is wrong, empty when the copy is intact
 */
export function verifyDatabase(files: DatabaseFiles): string[] {
  const current = contentOf(files, 'CURRENT');
  if (!current) return ['no CURRENT'];
  const name = manifestName(current.toString('latin1'));
  const manifestFile = name === undefined ? undefined : contentOf(files, name);
  if (!manifestFile) return ['CURRENT names no manifest that is there'];
  const log = parseLog(manifestFile);
  if (log.tail !== 'clean') return [`manifest is ${log.tail}`];
  let manifest: Manifest;
  try {
    manifest = readManifest(log.records);
  } catch (error) {
    if (error instanceof ManifestError) return [error.message];
    throw error;
  }
  return [...verifyTables(manifest, files), ...verifyLogs(manifest, files)];
}

type DatabaseFiles = ReadonlyMap<string, Buffer | number>;

function contentOf(files: DatabaseFiles, name: string): Buffer | undefined {
  const file = files.get(name);
  return typeof file === 'number' ? undefined : file;
}

function verifyTables(manifest: Manifest, files: DatabaseFiles): string[] {
  const tables = new Map<number, Buffer | number>();
  for (const [name, file] of files) {
    const number = tableNumber(name);
    if (number !== undefined) tables.set(number, file);
  }
  const problems: string[] = [];
  for (const [number, size] of manifest.tables) {
    const table = tables.get(number);
    const length = typeof table === 'number' ? table : table?.length;
    if (length === undefined) problems.push(`table ${number} is missing`);
    else if (length !== size) problems.push(`table ${number} has ${length} bytes instead of ${size}`);
    else if (typeof table === 'object' && !hasIntactIndex(table)) problems.push(`table ${number} is damaged`);
  }
  return problems;
}

/** Footer: two block handles (metaindex, index) as varints, padding, magic number. */
function hasIntactIndex(table: Buffer): boolean {
  if (table.length < footerSize || table.readBigUInt64LE(table.length - 8) !== tableMagic) return false;
  const footer = table.subarray(table.length - footerSize);
  const numbers: number[] = [];
  for (let i = 0; numbers.length < 4;) {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = footer[i++];
      if (byte === undefined) return false;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    numbers.push(value);
  }
  const [metaOffset = 0, metaSize = 0, indexOffset = 0, indexSize = 0] = numbers;
  return isIntactBlock(table, metaOffset, metaSize) && isIntactBlock(table, indexOffset, indexSize);
}

function isIntactBlock(table: Buffer, offset: number, size: number): boolean {
  // A block is followed by one byte of compression type, which the checksum covers, and the checksum.
  if (offset + size + blockTrailerSize > table.length) return false;
  return unmaskCrc(table.readUInt32LE(offset + size + 1)) === crc32c(table.subarray(offset, offset + size + 1));
}

function verifyLogs(manifest: Manifest, files: DatabaseFiles): string[] {
  const logs: { number: number; file: Buffer }[] = [];
  for (const name of files.keys()) {
    const number = logNumber(name);
    const file = contentOf(files, name);
    if (file && number !== undefined && (number >= manifest.logNumber || number === manifest.previousLogNumber)) {
      logs.push({ number, file });
    }
  }
  if (logs.length === 0) return ['no log'];
  const problems: string[] = [];
  let next: number | undefined;
  for (const { number, file } of logs.toSorted((a, b) => a.number - b.number)) {
    const log = parseLog(file);
    if (log.tail !== 'clean') problems.push(`log ${number} is ${log.tail}`);
    for (const batch of log.records) {
      if (batch.length < batchHeaderSize) {
        problems.push(`log ${number} holds a batch without header`);
        continue;
      }
      const sequence = Number(batch.readBigUInt64LE(0));
      const isHole = next === undefined ? sequence > manifest.lastSequence + 1 : sequence !== next;
      if (isHole) problems.push(`log ${number} goes on at ${sequence} instead of ${next ?? manifest.lastSequence + 1}`);
      next = sequence + batch.readUInt32LE(8);
    }
  }
  return problems;
}
