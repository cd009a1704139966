type InPage = (...parts: never[]) => unknown;

/** Functions as members of an object literal. What is imported into them wouldn't be there: each is self-contained. */
export function sourcesOf(functions: Readonly<Record<string, InPage>>): string {
  return Object.entries(functions)
    .map(([name, source]) => `${JSON.stringify(name)}: ${source.toString()}`)
    .join(', ');
}
