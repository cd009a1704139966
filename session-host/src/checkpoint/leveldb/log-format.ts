import { crc32c, maskCrc, unmaskCrc } from './crc32c.ts';

const blockSize = 32_768;
const headerSize = 7;
const fullType = 1;
const firstType = 2;
const middleType = 3;
const lastType = 4;

/** What stands after the last complete record: nothing, a record that is still being written, or damage. */
type LogTail = 'clean' | 'torn' | 'corrupt';

export interface ParsedLog {
  /** Logical records in order. */
  records: Buffer[];
  /** Offset after the last complete record. What follows must be cut off before LevelDB opens the file again. */
  end: number;
  tail: LogTail;
}

/**
 * Reads a file in LevelDB's log format (`*.log` and `MANIFEST-*`), up to its last complete record.
 * Format: https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
export function parseLog(file: Buffer): ParsedLog {
  const records: Buffer[] = [];
  let fragments: Buffer[] | undefined;
  let offset = 0;
  let end = 0;
  let damaged = false;

  while (offset < file.length) {
    const left = blockSize - (offset % blockSize);
    if (left < headerSize) {
      // The trailer of a block is too short for a header and filled with zeros.
      offset += left;
      continue;
    }
    if (offset + headerSize > file.length) break;
    const length = file.readUInt16LE(offset + 4);
    const type = file.readUInt8(offset + 6);
    const payloadEnd = offset + headerSize + length;
    if (type === 0 && length === 0) break;
    if (length + headerSize > left) {
      damaged = true;
      break;
    }
    if (payloadEnd > file.length) break;
    if (unmaskCrc(file.readUInt32LE(offset)) !== crc32c(file.subarray(offset + 6, payloadEnd))) {
      damaged = true;
      break;
    }
    const payload = file.subarray(offset + headerSize, payloadEnd);
    offset = payloadEnd;
    if (type === fullType && !fragments) {
      records.push(payload);
      end = offset;
    } else if (type === firstType && !fragments) {
      fragments = [payload];
    } else if (type === middleType && fragments) {
      fragments.push(payload);
    } else if (type === lastType && fragments) {
      records.push(Buffer.concat([...fragments, payload]));
      fragments = undefined;
      end = offset;
    } else {
      damaged = true;
      break;
    }
  }
  return { records, end, tail: damaged ? 'corrupt' : end >= file.length ? 'clean' : 'torn' };
}

/** Writes records in LevelDB's log format. */
export function formatLog(records: readonly Uint8Array[]): Buffer {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const record of records) {
    let position = 0;
    let first = true;
    do {
      let left = blockSize - (offset % blockSize);
      if (left < headerSize) {
        chunks.push(Buffer.alloc(left));
        offset += left;
        left = blockSize;
      }
      const length = Math.min(left - headerSize, record.length - position);
      const isLast = position + length === record.length;
      const header = Buffer.alloc(headerSize);
      header.writeUInt16LE(length, 4);
      header.writeUInt8(first ? (isLast ? fullType : firstType) : isLast ? lastType : middleType, 6);
      const payload = Buffer.from(record.subarray(position, position + length));
      header.writeUInt32LE(maskCrc(crc32c(Buffer.concat([header.subarray(6), payload]))), 0);
      chunks.push(header, payload);
      offset += headerSize + length;
      position += length;
      first = false;
    } while (position < record.length);
  }
  return Buffer.concat(chunks);
}
