import type { CopiedFile, Stamps } from './copied-file.ts';
import { sessionPath, type SessionCopy } from './session-files.ts';

const uint32 = 4;
const maxStampLength = 80;

interface HeaderEntry {
  path: string;
  size: number;
  stamp?: string | undefined;
  isHere: boolean;
}

/**
 * A copied session as one stream between the host and a process of the browser's user: the length of the header
 * (uint32, little endian), the header (JSON: path, size and stamp of each file), then the contents of the files that
 * are here. "Nothing stored yet" is `null`.
 */
export function writeStream(copy: SessionCopy | undefined): Buffer {
  const files = copy && [...copy];
  const header = files?.map(([path, { size, stamp, content }]): HeaderEntry => ({
    path,
    size,
    stamp,
    isHere: content !== undefined,
  }));
  const encoded = Buffer.from(JSON.stringify(header ?? null));
  const length = Buffer.alloc(uint32);
  length.writeUInt32LE(encoded.length);
  return Buffer.concat([length, encoded, ...(files ?? []).flatMap(([, { content }]) => content ?? [])]);
}

/**
 * Whoever wrote it may be in the hands of a hostile page. @throws {Error} for anything that `writeStream` doesn't make
 */
export function readStream(stream: Buffer): SessionCopy | undefined {
  let offset = 0;
  const take = (length: number) => {
    if (offset + length > stream.length) throw new Error('The stream of files is too short');
    return stream.subarray(offset, (offset += length));
  };
  const header = readHeader(take(take(uint32).readUInt32LE()));
  const files = new Map<string, CopiedFile>();
  for (const { path, size, stamp, isHere } of header ?? [])
    files.set(path, { size, ...(stamp !== undefined && { stamp }), ...(isHere && { content: take(size) }) });
  if (offset !== stream.length) throw new Error('The stream of files is too long');
  return header ? files : undefined;
}

function readHeader(bytes: Buffer): HeaderEntry[] | null {
  const header: unknown = parse(bytes);
  if (header === null) return null;
  if (Array.isArray(header) && header.every(isEntry)) return header;
  throw new Error('The stream has an unreadable header, or names a file that is none of a session');
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // Refused as an unreadable header.
    return undefined;
  }
}

/** By hand: this runs in a process of its own for each copy, which starts faster without zod. */
function isEntry(entry: unknown): entry is HeaderEntry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'path' in entry &&
    typeof entry.path === 'string' &&
    sessionPath.test(entry.path) &&
    'size' in entry &&
    Number.isSafeInteger(entry.size) &&
    Number(entry.size) >= 0 &&
    (!('stamp' in entry) || (typeof entry.stamp === 'string' && entry.stamp.length <= maxStampLength)) &&
    'isHere' in entry &&
    typeof entry.isHere === 'boolean'
  );
}

/** Stamps as the input of a process. */
export function writeStamps(stamps: Stamps): string {
  return JSON.stringify([...stamps]);
}

/** @throws {Error} for anything that `writeStamps` doesn't make */
export function readStamps(text: string): Stamps {
  const pairs: unknown = JSON.parse(text);
  if (Array.isArray(pairs) && pairs.every(isPair)) return new Map(pairs);
  throw new Error('Not stamps of files');
}

function isPair(pair: unknown): pair is [string, string] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string');
}
