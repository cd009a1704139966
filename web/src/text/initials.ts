/** At most two letters for a round picture: of the first and the last word that begins with one. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first] = words;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last].map((word) => firstLetter(word)).join('');
}

function firstLetter(word: string | undefined): string {
  return word === undefined ? '' : String.fromCodePoint(word.codePointAt(0) ?? 32).toLocaleUpperCase();
}
