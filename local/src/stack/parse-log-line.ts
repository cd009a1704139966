/** Undefined for a line that isn't JSON: a stack trace, or what a program of others writes. */
export function parseLogLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
