import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, version, type Metafile, type Plugin } from 'esbuild';
import { z } from 'zod';
import { bundleOptions } from '@top-active/lambdas/bundle';
import { createFileHasher, type FileHasher } from './file-hasher.ts';

export interface Bundleable {
  name: string;
  /** Absolute path. */
  entry: string;
}

const manifestSchema = z.object({
  /** Hash of each file that the bundle depends on, by absolute path. */
  inputs: z.record(z.string(), z.string()),
  /** Folder of the bundle, beside the manifest. */
  output: z.string(),
});
type Manifest = z.infer<typeof manifestSchema>;

const keptMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Where all stacks of this checkout keep their bundles: the first that starts after a change makes them for the others.
 */
export const bundleCache = fileURLToPath(new URL('../../../node_modules/.cache/function-bundles', import.meta.url));

/**
 * Bundles functions as for a deployment and answers the file of each by function name. What is unchanged since an
 * earlier run is taken from `dir`, which several processes may use at once: bundles are named by their content and
 * put in place by renaming.
 * @throws esbuild's BuildFailure, whose message names file and line.
 */
export async function bundleFunctions({
  functions,
  dir,
  plugins = [],
}: {
  functions: readonly Bundleable[];
  dir: string;
  /** For tests that replace a part of the product. A folder belongs to one set of them. */
  plugins?: readonly Plugin[] | undefined;
}): Promise<Map<string, string>> {
  await mkdir(dir, { recursive: true });
  const hasher = createFileHasher();
  const found = await Promise.all(functions.map((fn) => findBundle(fn, dir, hasher)));
  const stale = functions.filter((_, index) => found[index] === undefined);
  const built = stale.length > 0 ? await buildBundles(stale, { dir, hasher, plugins }) : new Map<string, string>();
  await Promise.all(stale.map((fn) => prune(join(dir, fn.name), built.get(fn.name))));
  return new Map(
    functions.map((fn, index) => [fn.name, join(dir, fn.name, found[index] ?? built.get(fn.name) ?? '', 'index.mjs')]),
  );
}

function manifestFile(fn: Bundleable, dir: string): string {
  const recipe = createHash('sha256')
    .update(JSON.stringify([version, bundleOptions, fn.entry]))
    .digest('hex');
  return join(dir, fn.name, `${recipe.slice(0, 16)}.json`);
}

async function findBundle(fn: Bundleable, dir: string, hasher: FileHasher): Promise<string | undefined> {
  const file = manifestFile(fn, dir);
  if (!existsSync(file)) return undefined;
  const { inputs, output } = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  if (!existsSync(join(dir, fn.name, output, 'index.mjs'))) return undefined;
  const hashes = await Promise.all(Object.keys(inputs).map((path) => hasher.hash(path)));
  return Object.values(inputs).every((hash, index) => hash === hashes[index]) ? output : undefined;
}

/** All at once, so that what functions share is read and parsed once. */
async function buildBundles(
  functions: readonly Bundleable[],
  { dir, hasher, plugins }: { dir: string; hasher: FileHasher; plugins: readonly Plugin[] },
): Promise<Map<string, string>> {
  const root = parse(dir).root;
  // As deep as the final folder, or the relative paths in the source maps would be wrong.
  const draft = join(dir, `.draft-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const { metafile } = await build({
      ...bundleOptions,
      plugins: [...plugins, ...(bundleOptions.plugins ?? [])],
      absWorkingDir: root,
      entryPoints: functions.map(({ name, entry }) => ({ in: entry, out: `${name}/index` })),
      outdir: draft,
      metafile: true,
      logLevel: 'silent',
    });
    return new Map(
      await Promise.all(
        functions.map(async (fn): Promise<[string, string]> => {
          const inputs = await hasher.hashAll(reachableInputs(metafile, fn.entry, root));
          return [fn.name, await keepBundle({ fn, dir, draft: join(draft, fn.name), inputs })];
        }),
      ),
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function reachableInputs(metafile: Metafile, entry: string, root: string): string[] {
  const seen = new Set<string>();
  const waiting = Object.keys(metafile.inputs).filter((path) => resolve(root, path) === resolve(entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const input = metafile.inputs[path];
    if (!input || seen.has(path)) continue;
    seen.add(path);
    waiting.push(...input.imports.map((imported) => imported.path));
  }
  return [...seen].map((path) => resolve(root, path)).filter((path) => existsSync(path));
}

async function keepBundle({
  fn,
  dir,
  draft,
  inputs,
}: {
  fn: Bundleable;
  dir: string;
  draft: string;
  inputs: Record<string, string>;
}): Promise<string> {
  const code = await readFile(join(draft, 'index.mjs'));
  const output = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const home = join(dir, fn.name);
  await mkdir(home, { recursive: true });
  await rename(draft, join(home, output)).catch((error: NodeJS.ErrnoException) => {
    // Another process, or an earlier run, has put the very same bundle there.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  const file = manifestFile(fn, dir);
  const draftManifest = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draftManifest, JSON.stringify({ inputs, output } satisfies Manifest));
  await rename(draftManifest, file);
  return output;
}

/** Drops what a week has passed over: younger ones may belong to a stack that runs. */
async function prune(home: string, current: string | undefined): Promise<void> {
  for (const name of await readdir(home)) {
    if (name === current || !/^[0-9a-f]{16}$/.test(name)) continue;
    const path = join(home, name);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > keptMs) await rm(path, { recursive: true, force: true });
  }
}
