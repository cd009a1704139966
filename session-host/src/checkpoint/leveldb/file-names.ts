/** Number of a table (`000005.ldb`, formerly `.sst`), or undefined for other files. */
export function tableNumber(name: string): number | undefined {
  return numberOf(name, /^(\d+)\.(?:ldb|sst)$/);
}

/** Number of a log (`000003.log`), or undefined for other files. */
export function logNumber(name: string): number | undefined {
  return numberOf(name, /^(\d+)\.log$/);
}

/** Name of the MANIFEST that CURRENT points to, or undefined when CURRENT is damaged. */
export function manifestName(current: string): string | undefined {
  return /^(MANIFEST-\d+)\n$/.exec(current)?.[1];
}

function numberOf(name: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
