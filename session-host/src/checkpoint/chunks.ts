import { createHash } from 'node:crypto';

/** At most so much of a file is sealed, and so written again, as one. */
const maxChunkSize = 1024 * 1024;

/** A piece of a file, told by its content. */
export interface Chunk {
  sha256: string;
  size: number;
}

export type CutChunk = Chunk & { content: Buffer };

/**
 * Cuts a file so that what it has in common with its earlier content are the same chunks. Logs only grow: what came
 * anew is a chunk of its own, joined with the ones before it that are no larger. So each byte is written again log₂ of
 * the growth at most, and a log has as few chunks.
 * @param before chunks of the earlier content that are of use
 */
export function cutIntoChunks(content: Buffer, before: readonly Chunk[]): CutChunk[] {
  const chunks: CutChunk[] = [];
  let offset = 0;
  for (const { sha256, size } of before) {
    const same = content.subarray(offset, offset + size);
    if (same.length < size || hashOf(same) !== sha256) break;
    chunks.push({ sha256, size, content: same });
    offset += size;
  }
  if (offset === content.length) return chunks;
  for (let last = chunks.at(-1); last && last.size <= content.length - offset; last = chunks.at(-1)) {
    if (content.length - offset + last.size > maxChunkSize) break;
    offset -= last.size;
    chunks.pop();
  }
  for (; offset < content.length; offset += maxChunkSize) {
    const fresh = content.subarray(offset, offset + maxChunkSize);
    chunks.push({ sha256: hashOf(fresh), size: fresh.length, content: fresh });
  }
  return chunks;
}

export function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}
