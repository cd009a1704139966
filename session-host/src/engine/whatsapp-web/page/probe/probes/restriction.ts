import type { ProbeContext } from '../probe-context.ts';

/** What WhatsApp forbids the account lies in the page's preferences. */
export function probeRestriction({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebUserPrefsIndexedDBStorage', 'userPrefsIdb.get');
}
