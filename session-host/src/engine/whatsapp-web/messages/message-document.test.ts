import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageDocument } from './message-document.ts';
import { messageTypes } from './message-types.ts';

/** Without the spaces and dashes that align tables. */
function contentOf(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, '---').replaceAll(/[ \t]+/g, ' ');
}

describe('docs/message-types.md', () => {
  it('has each type once', () => {
    const rows = messageDocument().match(/^\| `[^`]+`/gm) ?? [];
    expect(rows.map((row) => row.slice(3, -1)).toSorted()).toEqual(Object.keys(messageTypes).toSorted());
  });

  it('is what the code says; else run `npm run docs`', () => {
    const file = new URL('../../../../../docs/message-types.md', import.meta.url);
    expect(contentOf(readFileSync(file, 'utf8'))).toBe(contentOf(messageDocument()));
  });
});
