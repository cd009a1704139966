import { formatLog } from './log-format.ts';

/** A small intact LevelDB database without tables: one log with write batches, each of one record. */
export function makeDatabase({ batches, firstSequence = 1 }: { batches: number; firstSequence?: number }) {
  const records = Array.from({ length: batches }, (_, index) => makeBatch(firstSequence + index, `value ${index}`));
  return new Map<string, Buffer>([
    ['CURRENT', Buffer.from('MANIFEST-000001\n')],
    ['MANIFEST-000001', formatLog([makeEdit({ logNumber: 3, lastSequence: firstSequence - 1 })])],
    ['000003.log', formatLog(records)],
  ]);
}

/** Sequence number, count, and one `put` with the key `k`. */
export function makeBatch(sequence: number, value: string): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(BigInt(sequence), 0);
  header.writeUInt32LE(1, 8);
  return Buffer.concat([
    header,
    Buffer.from([1, 1]),
    Buffer.from('k'),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** A version edit: comparator, log number, next file number, last sequence. */
export function makeEdit({
  logNumber,
  lastSequence,
  tables = [],
}: {
  logNumber: number;
  lastSequence: number;
  tables?: { number: number; size: number }[];
}): Buffer {
  const added = tables.flatMap(({ number, size }) => [7, 0, ...varint(number), ...varint(size), 1, 97, 1, 122]);
  return Buffer.from([
    1,
    4,
    ...Buffer.from('idb1'),
    2,
    ...varint(logNumber),
    3,
    ...varint(99),
    4,
    ...varint(lastSequence),
    ...added,
  ]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
