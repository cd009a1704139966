import { describe, expect, it } from 'vitest';
import { formatLog } from './log-format.ts';
import { makeBatch, makeDatabase, makeEdit } from './test-database.ts';
import { verifyDatabase } from './verify-database.ts';

describe('verifying a database', () => {
  it('finds nothing wrong with an intact one', () => {
    expect(verifyDatabase(makeDatabase({ batches: 20 }))).toEqual([]);
  });

  it('refuses one without CURRENT', () => {
    const files = makeDatabase({ batches: 1 });
    files.delete('CURRENT');
    expect(verifyDatabase(files)).toEqual(['no CURRENT']);
  });

  it('sees a hole between two batches, which the browser would not', () => {
    const files = makeDatabase({ batches: 1 });
    files.set('000003.log', formatLog([makeBatch(1, 'a'), makeBatch(3, 'c')]));
    expect(verifyDatabase(files)).toEqual(['log 3 goes on at 3 instead of 2']);
  });

  it('sees a hole between two logs', () => {
    const files = makeDatabase({ batches: 2 });
    files.set('000004.log', formatLog([makeBatch(4, 'd')]));
    expect(verifyDatabase(files)).toEqual(['log 4 goes on at 4 instead of 3']);
  });

  it('sees that the log begins later than the manifest ends', () => {
    const files = makeDatabase({ batches: 2, firstSequence: 10 });
    files.set('MANIFEST-000001', formatLog([makeEdit({ logNumber: 3, lastSequence: 5 })]));
    expect(verifyDatabase(files)).toEqual(['log 3 goes on at 10 instead of 6']);
  });

  it('sees a torn log', () => {
    const files = makeDatabase({ batches: 3 });
    const log = files.get('000003.log') ?? Buffer.alloc(0);
    files.set('000003.log', log.subarray(0, log.length - 1));
    expect(verifyDatabase(files)).toEqual(['log 3 is torn']);
  });

  it('sees a missing table and one of another size', () => {
    const files = makeDatabase({ batches: 1 });
    const tables = [
      { number: 5, size: 100 },
      { number: 6, size: 100 },
    ];
    files.set('MANIFEST-000001', formatLog([makeEdit({ logNumber: 3, lastSequence: 0, tables })]));
    files.set('000006.ldb', Buffer.alloc(99));
    expect(verifyDatabase(files)).toEqual(['table 5 is missing', 'table 6 has 99 bytes instead of 100']);
  });
});
