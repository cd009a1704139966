import { sessionPath, type SessionFiles } from './session-files.ts';

const nothing = 0xffff_ffff;
const uint32 = 4;

/**
 * Files of a session as one stream between the host and a process of the browser's user: their number, then for each the lengths of path and content (all
 * uint32, little endian), path and content. "Nothing stored yet" is the largest number.
 */
export function writeStream(files: SessionFiles | undefined): Buffer {
  if (!files) return numbers(nothing);
  const parts = [numbers(files.size)];
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    parts.push(numbers(name.length, content.length), name, content);
  }
  return Buffer.concat(parts);
}

/** Whoever wrote it may be in the hands of a hostile page. @throws {Error} for anything that `writeStream` doesn't make */
export function readStream(stream: Buffer): SessionFiles | undefined {
  let offset = 0;
  const take = (length: number) => {
    if (offset + length > stream.length) throw new Error('The stream of files is too short');
    return stream.subarray(offset, (offset += length));
  };
  const count = take(uint32).readUInt32LE();
  const files = new Map<string, Buffer>();
  if (count !== nothing)
    for (let i = 0; i < count; i++) {
      const lengths = take(2 * uint32);
      const path = take(lengths.readUInt32LE()).toString();
      if (!sessionPath.test(path)) throw new Error('The stream names a file that is none of a session');
      files.set(path, take(lengths.readUInt32LE(uint32)));
    }
  if (offset !== stream.length) throw new Error('The stream of files is too long');
  return count === nothing ? undefined : files;
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * uint32);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * uint32);
  return bytes;
}
