import { icons } from '@iconify-json/lucide';
import { describe, expect, it } from 'vitest';

const sources = import.meta.glob<string>(['./**/*.{vue,ts}', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe('icons', () => {
  it('all exist in the bundled collection: one that does not would be looked for on the net', () => {
    const used = new Set(
      Object.values(sources).flatMap((source) =>
        [...source.matchAll(/i-lucide-([a-z0-9-]+)/g)].map(([, name]) => name ?? ''),
      ),
    );
    expect(used.size).toBeGreaterThan(30);
    expect([...used].filter((name) => !(name in icons.icons) && !(name in (icons.aliases ?? {})))).toEqual([]);
  });
});
