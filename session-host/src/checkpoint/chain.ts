import { cutIntoChunks, type CutChunk } from './chunks.ts';
import type { Manifest, Pack, StoredChunk, StoredFile } from './pack.ts';
import type { TakenSnapshot } from './snapshot.ts';

/** Generations that can be gone back to. */
export const keptGenerations = 3;
/** A restore reads each pack that is needed. */
const maxPacks = 32;
const packsAfterJoining = 12;
/** A smaller pack isn't worth writing again for what is dead in it. */
const smallPack = 64 * 1024;

interface WrittenGeneration {
  generation: number;
  manifest: Manifest;
}

/** A row of generations, each of which refers to contents in packs of those before it. The first has everything. */
export interface Chain {
  /** Files of the last generation whose content needn't be brought again for the next one. */
  held(): ReadonlySet<string>;
  /** What the next generation has to write; undefined when nothing has changed. */
  plan(snapshot: TakenSnapshot, generation: number): Pack | undefined;
  /** The pack is stored. */
  written(pack: Pack, generation: number): void;
  /** Generations whose packs are needed by those that are kept. */
  needed(): ReadonlySet<number>;
}

export function createChain(): Chain {
  let kept: WrittenGeneration[] = [];
  /** Generation → size of its contents. */
  const sizes = new Map<number, number>();

  const last = () => kept.at(-1)?.manifest;

  return {
    held() {
      const stays = isOutOf(wastefulPacks(last(), sizes));
      const files = last()?.files ?? [];
      return new Set(files.filter(({ chunks }) => chunks.every(stays)).map(({ path }) => path));
    },
    plan({ takenAt, chromiumVersion, localStorage, files }, generation) {
      const before = last();
      const stays = isOutOf(wastefulPacks(before, sizes));
      const earlier = new Map(before?.files.map((file) => [file.path, file]));
      const stored = new Map<string, StoredChunk>();
      for (const { chunks } of earlier.values())
        for (const chunk of chunks.filter(stays)) stored.set(chunk.sha256, chunk);
      const added: Buffer[] = [];
      let offset = 0;

      function place({ sha256, size, content }: CutChunk): StoredChunk {
        const there = stored.get(sha256);
        if (there) return there;
        const chunk = { generation, offset, size, sha256 };
        stored.set(sha256, chunk);
        added.push(content);
        offset += size;
        return chunk;
      }

      const placed = [...files].map(([path, { size, content }]): StoredFile => {
        const chunks = earlier.get(path)?.chunks ?? [];
        if (content) return { path, chunks: cutIntoChunks(content, takeWhile(chunks, stays)).map(place) };
        if (sizeOf(chunks) !== size || !chunks.every(stays))
          throw new Error(`The content of ${path} is stored nowhere and was not brought`);
        return { path, chunks };
      });
      const manifest: Manifest = {
        version: 2,
        takenAt: takenAt.toISOString(),
        chromiumVersion,
        localStorage: { ...localStorage },
        files: placed,
      };
      const hasChanged = !before || added.length > 0 || essenceOf(manifest) !== essenceOf(before);
      return hasChanged ? { manifest, contents: Buffer.concat(added) } : undefined;
    },
    written({ manifest, contents }, generation) {
      sizes.set(generation, contents.length);
      kept = [...kept, { generation, manifest }].slice(-keptGenerations);
      const needed = neededBy(kept);
      for (const each of sizes.keys()) if (!needed.has(each)) sizes.delete(each);
    },
    needed: () => neededBy(kept),
  };
}

/** Whether the next generation may go on to refer to a chunk. */
function isOutOf(wasteful: ReadonlySet<number>): (chunk: StoredChunk) => boolean {
  return ({ generation }) => !wasteful.has(generation);
}

function neededBy(kept: readonly WrittenGeneration[]): Set<number> {
  return new Set(kept.flatMap(({ generation, manifest }) => [generation, ...packsOf(manifest)]));
}

/** Generations whose packs a manifest refers to. */
export function packsOf({ files }: Pick<Manifest, 'files'>): Set<number> {
  return new Set(files.flatMap(({ chunks }) => chunks.map(({ generation }) => generation)));
}

/**
 * Packs of which less than half is alive, and the smallest when there are too many: what lives in them is written
 * again.
 */
function wastefulPacks(manifest: Manifest | undefined, sizes: ReadonlyMap<number, number>): Set<number> {
  const alive = new Map<number, Map<string, number>>();
  for (const { chunks } of manifest?.files ?? [])
    for (const { generation, sha256, size } of chunks)
      alive.set(generation, (alive.get(generation) ?? new Map<string, number>()).set(sha256, size));
  const packs = [...alive].map(([generation, chunks]) => ({
    generation,
    live: [...chunks.values()].reduce((sum, size) => sum + size, 0),
    size: sizes.get(generation) ?? 0,
  }));
  const wasteful = packs.filter(({ live, size }) => size > smallPack && live < size / 2);
  const smallest = packs.toSorted((a, b) => b.live - a.live).slice(packsAfterJoining);
  return new Set([...wasteful, ...(packs.length > maxPacks ? smallest : [])].map(({ generation }) => generation));
}

/** Equal for generations that would restore the same session. */
function essenceOf({ chromiumVersion, localStorage, files }: Manifest): string {
  const contents = files.map(({ path, chunks }) => [path, ...chunks.map(({ sha256 }) => sha256)]);
  return JSON.stringify([chromiumVersion, Object.entries(localStorage).toSorted(byFirst), contents.toSorted(byFirst)]);
}

function byFirst([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}

function sizeOf(chunks: readonly StoredChunk[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}

function takeWhile<T>(values: readonly T[], holds: (value: T) => boolean): readonly T[] {
  const end = values.findIndex((value) => !holds(value));
  return end < 0 ? values : values.slice(0, end);
}
