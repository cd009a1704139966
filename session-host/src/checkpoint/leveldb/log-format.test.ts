import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, maskCrc, unmaskCrc } from './crc32c.ts';
import { formatLog, parseLog } from './log-format.ts';

const anyRecords = fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 6 });

describe('CRC-32C', () => {
  it('gives the known answers of RFC 3720, B.4', () => {
    expect(crc32c(Buffer.alloc(32)) >>> 0).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff)) >>> 0).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i))) >>> 0).toBe(0x46dd794e);
  });

  it('is masked and unmasked without loss', () => {
    fc.assert(
      fc.property(fc.integer(), (crc) => {
        expect(unmaskCrc(maskCrc(crc))).toBe(crc);
      }),
    );
  });
});

describe('LevelDB log format', () => {
  it('reads what was written, over block boundaries', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const file = formatLog(records);
        const parsed = parseLog(file);
        expect(parsed.records.map((record) => Buffer.from(record))).toEqual(
          records.map((record) => Buffer.from(record)),
        );
        expect(parsed.tail).toBe('clean');
      }),
    );
  });

  it('finds a prefix of the records in whatever prefix of the file, and where to cut it', () => {
    fc.assert(
      fc.property(anyRecords, fc.double({ min: 0, max: 1, noNaN: true }), (records, share) => {
        const file = formatLog(records);
        const torn = file.subarray(0, Math.floor(file.length * share));
        const parsed = parseLog(torn);
        expect(parsed.records.length).toBeLessThanOrEqual(records.length);
        for (const [i, record] of parsed.records.entries())
          expect(record.equals(records[i] ?? Buffer.alloc(0))).toBe(true);
        expect(parsed.tail).not.toBe('corrupt');
        const cut = parseLog(torn.subarray(0, parsed.end));
        expect(cut.tail).toBe('clean');
        expect(cut.records).toHaveLength(parsed.records.length);
      }),
    );
  });

  it('never takes a record with a flipped bit for a good one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (records, at) => {
          const file = formatLog(records);
          const bit = at % (file.length * 8);
          file.writeUInt8(file.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
          const parsed = parseLog(file);
          for (const [i, record] of parsed.records.entries())
            expect(record.equals(records[i] ?? Buffer.alloc(0))).toBe(true);
          expect(parsed.records.length).toBeLessThan(records.length);
        },
      ),
    );
  });
});
