import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linkDocument } from './link-document.ts';
import { sampleEvents } from './link-samples.ts';

/** Without the spaces and dashes that align tables. */
function contentOf(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, '---').replaceAll(/[ \t]+/g, ' ');
}

describe('docs/linking.md', () => {
  it('has every kind of event in its table', () => {
    const rows = linkDocument().match(/^\| \*\*/gm);
    expect(rows).toHaveLength(Object.keys(sampleEvents).length);
    expect(linkDocument()).not.toContain('undefined');
  });

  it('is what the link machine says today', () => {
    const written = readFileSync(new URL('../../../docs/linking.md', import.meta.url), 'utf8');
    expect(contentOf(written), 'Write it anew: npm run docs').toBe(contentOf(linkDocument()));
  });
});
