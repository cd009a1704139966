/** `NAME=value` of ARG; without a value it is the empty text. */
export function readAssignment(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Each `NAME=value` of one ENV. No value of ours has spaces or quotes; one that has is an error. */
export function readAssignments(text: string): Record<string, string> {
  if (/["'\\]/.test(text)) throw new Error(`The rehearsal doesn't know quotes in ENV: ${text}`);
  return Object.fromEntries(text.split(/\s+/).map(readAssignment));
}

/** Puts values for `$NAME` and `${NAME}`. @throws Error for a name without a value */
export function substitute(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing gives ${name} a value: ${text}`);
    return value;
  });
}
