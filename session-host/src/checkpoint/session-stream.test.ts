import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CopiedFile } from './copied-file.ts';
import { readStream, writeStream } from './session-stream.ts';

const anyFile = fc
  .record({ bytes: fc.uint8Array({ maxLength: 500 }), stamp: fc.stringMatching(/^[0-9]{1,9}$/), kind: fc.nat(2) })
  .map(({ bytes, stamp, kind }): CopiedFile => {
    const content = Buffer.from(bytes);
    const size = content.length;
    return kind === 0 ? { size, content } : kind === 1 ? { size, content, stamp } : { size, stamp };
  });
const anyCopy = fc
  .dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}\.blob$/), anyFile, { maxKeys: 5 })
  .map((files) => new Map(Object.entries(files).map(([name, file]) => [`Default/IndexedDB/${name}`, file])));

describe('a copied session as a stream', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyCopy, (copy) => {
        expect(readStream(writeStream(copy))).toEqual(copy);
      }),
    );
    expect(readStream(writeStream(undefined))).toBeUndefined();
  });

  it('is refused when cut or prolonged', () => {
    const content = Buffer.from('content');
    const whole = writeStream(new Map([['Default/IndexedDB/a.blob', { size: content.length, content }]]));
    for (let length = 0; length < whole.length; length++)
      expect(() => readStream(whole.subarray(0, length))).toThrow(/too short/);
    expect(() => readStream(Buffer.concat([whole, Buffer.from('x')]))).toThrow(/too long/);
  });

  it('is refused when a file has a name that is none of a session, or claims a size that is not there', () => {
    const content = Buffer.from('x');
    for (const path of ['../x', '/etc/passwd', 'Default/IndexedDB/../../x', 'Default/Cookies'])
      expect(() => readStream(writeStream(new Map([[path, { size: 1, content }]])))).toThrow(/none of a session/);
    for (const size of [-1, 0.5, Number.NaN])
      expect(() => readStream(writeStream(new Map([['Default/IndexedDB/a.blob', { size }]])))).toThrow(/unreadable/);
    const tooLarge = new Map([['Default/IndexedDB/a.blob', { size: 2, content }]]);
    expect(() => readStream(writeStream(tooLarge))).toThrow(/too short/);
  });
});
