/** Rather than a button for a few words, the whole text. */
const spare = 200;

/**
 * About the first `length` UTF-16 code units of a text: up to the last gap before it where one is near, else in the
 * middle of a word, never of a character. A text that is hardly longer comes whole.
 */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length + spare) return text;
  const cut = text.slice(0, length);
  const gap = cut.slice(-spare).search(/\s\S*$/u);
  if (gap >= 0) return cut.slice(0, length - spare + gap);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
