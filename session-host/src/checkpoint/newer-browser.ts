/**
 * The checkpoint is of a browser that is newer than the host's own: a host with that browser, or a later one, takes it
 * up.
 */
export class NewerBrowserError extends Error {
  override readonly name = 'NewerBrowserError';
}

/**
 * Chromium changes its databases with its main version, and opens those of older ones only.
 * @param ours version of the host's own browser
 * @throws {NewerBrowserError} when the other one's main version is higher
 */
export function refuseNewerBrowser(theirs: string, ours: string): void {
  if (majorOf(theirs) > majorOf(ours))
    throw new NewerBrowserError(`The checkpoint was written by Chromium ${theirs}, and here is ${ours}`);
}

/** 0 for what isn't a version. */
function majorOf(version: string): number {
  return Number(/^\d+/.exec(version)?.[0] ?? 0);
}
