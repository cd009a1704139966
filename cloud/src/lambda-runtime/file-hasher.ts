import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FileHasher {
  /** SHA-256 of a file's content; undefined where there is no such file. */
  hash(path: string): Promise<string | undefined>;
  /** Hashes of the files and of the package.json that governs each, by path. */
  hashAll(paths: readonly string[]): Promise<Record<string, string>>;
}

/** Reads each file once, however many bundles share it. */
export function createFileHasher(): FileHasher {
  const hashes = new Map<string, Promise<string | undefined>>();
  const manifests = new Map<string, string | undefined>();

  function hash(path: string): Promise<string | undefined> {
    const known = hashes.get(path) ?? hashFile(path);
    hashes.set(path, known);
    return known;
  }

  /** The nearest package.json decides how imports of the folder's files resolve. */
  function manifestOf(folder: string): string | undefined {
    if (manifests.has(folder)) return manifests.get(folder);
    const here = join(folder, 'package.json');
    const parent = dirname(folder);
    const manifest = existsSync(here) ? here : parent === folder ? undefined : manifestOf(parent);
    manifests.set(folder, manifest);
    return manifest;
  }

  return {
    hash,
    async hashAll(paths) {
      const governing = paths.map((path) => manifestOf(dirname(path))).filter((path) => path !== undefined);
      const entries = [...new Set([...paths, ...governing])].map(async (path) => [path, await hash(path)] as const);
      return Object.fromEntries(
        (await Promise.all(entries)).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
    },
  };
}

async function hashFile(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('base64');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
