import type { ChildProcess } from 'node:child_process';

/**
 * Puppeteer listens to the errors of a browser's pipes only until it closes them. A browser that is killed then can
 * still make them fail, and an error that nobody listens to ends the process, with everybody's sessions.
 */
export function survivePipes(browser: Pick<ChildProcess, 'stdio'> | null | undefined): void {
  // The browser's own end is noticed elsewhere.
  for (const stream of browser?.stdio ?? []) stream?.on('error', () => undefined);
}
