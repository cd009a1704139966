/**
 * A text as every store and every screen can take it: at most `maxLength` UTF-16 code units, and nothing that is no
 * Unicode. What is no text is an empty one.
 */
export function clipText(text: unknown, maxLength: number): string {
  return typeof text === 'string' ? text.slice(0, maxLength).toWellFormed() : '';
}
