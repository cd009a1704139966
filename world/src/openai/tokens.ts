/** A count like a tokenizer's, the same for the same text: four letters, three digits or one sign make a token. */
export function countTokens(text: string): number {
  return text.match(pattern)?.length ?? 0;
}

/** The first `count` tokens of a text. */
export function takeTokens(text: string, count: number): string {
  let end = 0;
  let taken = 0;
  for (const match of text.matchAll(pattern)) {
    if (taken === count) break;
    taken += 1;
    end = match.index + match[0].length;
  }
  return text.slice(0, end);
}

/** The text cut into pieces of a few tokens, as a stream delivers it. */
export function inPieces(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? (text ? [text] : []);
}

const pattern = /\p{L}{1,4}|\p{N}{1,3}|[^\s\p{L}\p{N}]/gu;
