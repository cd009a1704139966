// @vitest-environment node
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { measureRoute, type Manifest } from './first-load.ts';

const contents = {
  'entry.js': 'entry'.repeat(50),
  'shared.js': 'shared'.repeat(80),
  'page.js': 'page'.repeat(30),
  'other.js': 'other'.repeat(500),
  'page.css': 'p{}',
};
const manifest: Manifest = {
  'index.html': { file: 'entry.js', isEntry: true, imports: ['_shared.js'] },
  '_shared.js': { file: 'shared.js', imports: ['index.html'] },
  'page.vue': { file: 'page.js', imports: ['_shared.js'] },
  'other.vue': { file: 'other.js' },
};

function distFolder(): string {
  const dist = mkdtempSync(join(tmpdir(), 'first-load-'));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(dist, name), text);
  return dist;
}

function gzipped(...names: (keyof typeof contents)[]): number {
  return names.reduce((sum, name) => sum + gzipSync(contents[name], { level: 6 }).length, 0);
}

describe('measureRoute', () => {
  it('counts the entry, the route and what both import, each once, and no other route', () => {
    const load = measureRoute({ dist: distFolder(), manifest, name: '/', modules: ['page.vue'] });
    expect(load.files.toSorted()).toEqual(['entry.js', 'page.js', 'shared.js']);
    expect(load.gzipped).toBe(gzipped('entry.js', 'page.js', 'shared.js'));
  });

  it('fails for a module that was not built, instead of counting nothing', () => {
    expect(() => measureRoute({ dist: distFolder(), manifest, name: '/', modules: ['gone.vue'] })).toThrow('gone.vue');
  });
});
