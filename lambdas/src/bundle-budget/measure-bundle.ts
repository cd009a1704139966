import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../bundle.ts';
import type { FunctionDefinition } from '../functions.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface BundleSize {
  file: string;
  bytes: number;
  gzipBytes: number;
  /** Packages and workspaces by what they take up in the bundle, the largest first. */
  parts: readonly { name: string; bytes: number }[];
}

/** Bundles a function as for a deployment into `<outdir>/<name>/index.mjs`. */
export async function measureBundle({ name, entry }: FunctionDefinition, outdir: string): Promise<BundleSize> {
  const file = join(outdir, name, 'index.mjs');
  const { metafile } = await build({
    ...bundleOptions,
    absWorkingDir: repository,
    entryPoints: [entry],
    outfile: file,
    metafile: true,
  });
  const code = await readFile(file);
  return { file, bytes: code.length, gzipBytes: gzipSync(code).length, parts: partsOf(metafile) };
}

function partsOf({ outputs }: Metafile): { name: string; bytes: number }[] {
  const bytesOf = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(path);
      bytesOf.set(name, (bytesOf.get(name) ?? 0) + bytesInOutput);
    }
  return [...bytesOf].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}

/** The innermost package that a file belongs to, or the workspace. */
function packageOf(path: string): string {
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return inPackage ?? path.split('/')[0] ?? path;
}
