import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** Path with forward slashes. */
  name: string;
  bytes: Uint8Array;
}

/** 1980-01-01, the first day that the format knows: the same sources make the same bytes whenever they are built. */
const dosDate = 0x0021;
const version = 20;
const utf8Names = 0x0800;

/**
 * A zip archive without compression, whose bytes depend on names and contents alone. Stores compress what they hand
 * out; what counts here is that anybody can build the same file.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = Buffer.from(name, 'utf8');
    const common = commonHeader(path, bytes);
    const local = Buffer.concat([signature(0x04034b50), common, path, bytes]);
    directory.push(directoryEntry(path, common, offset));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endOfDirectory(directory.length, central.length, offset)]);
}

/** What a file's own header and the directory say alike. */
function commonHeader(path: Buffer, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(version, 0);
  header.writeUInt16LE(utf8Names, 2);
  header.writeUInt16LE(dosDate, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(path.length, 22);
  return header;
}

function directoryEntry(path: Buffer, common: Buffer, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(version);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, common, rest, path]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
