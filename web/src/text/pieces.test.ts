import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inPieces } from './pieces.ts';

describe('inPieces', () => {
  it('leaves an ordinary text whole', () => {
    const text = 'Olá! Terça às 14h, confirma?\nhttps://example.com/um/endereco/comprido?com=perguntas';
    expect(inPieces(text)).toEqual([text]);
    expect(inPieces('')).toEqual([]);
  });

  it('cuts a word of 60,000 letters, and none of its pieces is long', () => {
    const pieces = inPieces(`antes ${'W'.repeat(60_000)} depois`);
    expect(pieces.join('')).toBe(`antes ${'W'.repeat(60_000)} depois`);
    expect(pieces).toHaveLength(602);
  });

  it('keeps together what is one character', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(inPieces(family.repeat(60)).every((piece) => piece.length % family.length === 0)).toBe(true);
    expect(inPieces('e\u0301'.repeat(150)).every((piece) => piece.startsWith('e'))).toBe(true);
  });

  it('loses nothing of any text, and lets no word be longer than the bound', () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(' ', '\n', 'W'.repeat(500), '\u0301'.repeat(400), '👍'.repeat(300)),
      ),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        const pieces = inPieces(text);
        expect(pieces.join('')).toBe(text);
        expect(
          Math.max(0, ...pieces.flatMap((piece) => piece.split(/\s/u)).map(({ length }) => length)),
        ).toBeLessThanOrEqual(400);
      }),
      { numRuns: 30 },
    );
  });
});
