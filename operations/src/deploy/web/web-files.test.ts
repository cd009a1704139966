import { expect, it } from 'vitest';
import { headersOf, inOrderOfUpload } from './web-files.ts';

it('puts a page after what it needs', () => {
  const files = ['index.html', 'assets/b.css', 'theme.js', 'assets/a.js', 'icons/icon.svg'];
  expect(inOrderOfUpload(files)).toEqual([
    ['assets/b.css', 'assets/a.js'],
    ['theme.js', 'icons/icon.svg'],
    ['index.html'],
  ]);
  expect(() => inOrderOfUpload(['assets/a.js'])).toThrow(/no index.html/);
});

it('lets browsers keep only what has a name of its own for each version', () => {
  expect(headersOf('assets/a-1.js').CacheControl).toBe('public, max-age=31536000, immutable');
  for (const key of ['index.html', 'manifest.webmanifest', 'theme.js', 'sw.js', 'icons/assets.png'])
    expect(headersOf(key).CacheControl, key).toBe('no-cache');
  expect(() => headersOf('assets/a.wasm')).toThrow(/No content type is known for assets\/a.wasm/);
});
