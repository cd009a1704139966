import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStream, writeStream } from './session-stream.ts';

const anyFiles = fc
  .dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}\.blob$/), fc.uint8Array({ maxLength: 500 }), { maxKeys: 5 })
  .map(
    (contents) => new Map(Object.entries(contents).map(([name, c]) => [`Default/IndexedDB/${name}`, Buffer.from(c)])),
  );

describe('files of a session as a stream', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(anyFiles, (files) => {
        expect(readStream(writeStream(files))).toEqual(files);
      }),
    );
    expect(readStream(writeStream(undefined))).toBeUndefined();
  });

  it('are refused when cut or prolonged', () => {
    const whole = writeStream(new Map([['Default/IndexedDB/a.blob', Buffer.from('content')]]));
    for (let length = 0; length < whole.length; length++)
      expect(() => readStream(whole.subarray(0, length))).toThrow(/too short/);
    expect(() => readStream(Buffer.concat([whole, Buffer.from('x')]))).toThrow(/too long/);
  });

  it('are refused when one has a name that is none of a session, or claims a size that is not there', () => {
    for (const path of ['../x', '/etc/passwd', 'Default/IndexedDB/../../x', 'Default/Cookies'])
      expect(() => readStream(writeStream(new Map([[path, Buffer.from('x')]])))).toThrow(/none of a session/);
    expect(() => readStream(Buffer.from('ffffff00', 'hex'))).toThrow(/too short/);
  });
});
