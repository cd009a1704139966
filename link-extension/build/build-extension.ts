import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { manifestFor, type Target } from './manifest.ts';
import { zip, type ZipEntry } from './zip.ts';

const root = join(import.meta.dirname, '..');

/**
 * Builds the extension for one kind of browser into `folder`, which is emptied first: what a browser loads unpacked.
 */
export async function buildExtension(target: Target, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const { name, bytes } of await extensionFiles(target)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** The archive that a store takes. */
export async function packExtension(target: Target): Promise<Buffer> {
  return zip(await extensionFiles(target));
}

export async function extensionVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return version;
}

async function extensionFiles(target: Target): Promise<ZipEntry[]> {
  const manifest = manifestFor(target, await extensionVersion());
  return [
    { name: 'manifest.json', bytes: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...(await scripts()),
    ...(await copied('_locales', '.json')),
    ...(await copied('icons', '.png')),
  ];
}

async function scripts(): Promise<ZipEntry[]> {
  const { outputFiles } = await build({
    entryPoints: ['background', 'card'].map((name) => join(root, 'src', `${name}.ts`)),
    outdir: root,
    absWorkingDir: root,
    write: false,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome129', 'firefox140'],
    // Reviewers read it.
    minify: false,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(root.length + 1), bytes: contents }));
}

async function copied(folder: string, extension: string): Promise<ZipEntry[]> {
  const paths = await readdir(join(root, folder), { recursive: true });
  const wanted = paths.filter((path) => path.endsWith(extension)).map((path) => path.replaceAll('\\', '/'));
  return Promise.all(
    wanted.map(async (path) => ({ name: `${folder}/${path}`, bytes: await readFile(join(root, folder, path)) })),
  );
}
