import { packsOf } from './chain.ts';
import { hashOf } from './chunks.ts';
import type { Manifest, Pack, StoredChunk } from './pack.ts';
import { SnapshotError, verifySession, type Snapshot } from './snapshot.ts';

/** File systems that answer over a network are asked for several packs at once. */
const readAtOnce = 8;

/**
 * Puts a generation together from all packs that it needs, and verifies it.
 * @param open a generation's pack of the same chain
 * @throws {SnapshotError} when anything is missing, or isn't what it should be
 */
export async function loadSnapshot(generation: number, open: (generation: number) => Promise<Pack>): Promise<Snapshot> {
  const { manifest } = await open(generation);
  const contents = new Map<number, Buffer>();
  const numbers = [...packsOf(manifest)];
  const reader = async () => {
    for (let next = numbers.pop(); next !== undefined; next = numbers.pop())
      contents.set(next, (await open(next)).contents);
  };
  await Promise.all(Array.from({ length: readAtOnce }, reader));
  const files = new Map(manifest.files.map(({ path, chunks }) => [path, join(chunks, contents)]));
  const problems = verifySession(files);
  if (problems.length > 0) throw new SnapshotError(`The database is damaged: ${problems.join(', ')}`);
  return { ...essentials(manifest), files };
}

function essentials({ takenAt, chromiumVersion, localStorage }: Manifest): Omit<Snapshot, 'files'> {
  return { takenAt: new Date(takenAt), chromiumVersion, localStorage };
}

function join(chunks: readonly StoredChunk[], contents: ReadonlyMap<number, Buffer>): Buffer {
  return Buffer.concat(
    chunks.map(({ generation, offset, size, sha256 }) => {
      const content = contents.get(generation)?.subarray(offset, offset + size);
      if (content?.length !== size || hashOf(content) !== sha256)
        throw new SnapshotError('A pack does not hold what the checkpoint refers to');
      return content;
    }),
  );
}
