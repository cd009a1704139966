/** A text as it is searched: without accents and case, with one space between words. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The words of a question, each of which has to be part of what is found. */
export function wordsOf(question: string): string[] {
  return [...new Set(foldText(question).split(' '))].filter((word) => word !== '');
}
