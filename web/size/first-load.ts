import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

/** What Vite writes to `.vite/manifest.json`, as far as it is of interest here. */
export const manifestSchema = z.record(
  z.string(),
  z.object({ file: z.string(), isEntry: z.boolean().optional(), imports: z.array(z.string()).optional() }),
);
export type Manifest = z.infer<typeof manifestSchema>;

export interface RouteLoad {
  name: string;
  files: string[];
  /** Bytes of JavaScript as they travel. */
  gzipped: number;
}

/**
 * The JavaScript that a browser must have before a route shows: the entry and the given lazy modules, each with
 * everything that it imports statically. Throws when a module isn't in the manifest.
 */
export function measureRoute({
  dist,
  manifest,
  name,
  modules,
}: {
  dist: string;
  manifest: Manifest;
  name: string;
  modules: readonly string[];
}): RouteLoad {
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  const files = [...new Set([...entries, ...modules].flatMap((key) => filesOf(manifest, key)))].filter((file) =>
    file.endsWith('.js'),
  );
  return { name, files, gzipped: files.reduce((sum, file) => sum + gzippedSize(join(dist, file)), 0) };
}

function filesOf(manifest: Manifest, start: string): string[] {
  const seen = new Set<string>();
  const waiting = [start];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`The manifest has no ${key}.`);
    waiting.push(...(chunk.imports ?? []));
  }
  return [...seen].map((key) => manifest[key]?.file ?? '');
}

function gzippedSize(path: string): number {
  return gzipSync(readFileSync(path), { level: 6 }).length;
}
