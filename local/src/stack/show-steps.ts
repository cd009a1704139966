import type { SlowWait } from './slow-wait.ts';

/**
 * Shows one step of booting and how long it took, on standard output.
 * @throws whatever the step throws.
 */
export async function showSteps<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const interactive = process.stdout.isTTY;
  if (interactive) process.stdout.write(`  … ${title}`);
  try {
    const result = await work();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${interactive ? '\r\x1b[K' : ''}  ✓ ${title} ${seconds} s\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${interactive ? '\r\x1b[K' : ''}  ✗ ${title}\n`);
    throw error;
  }
}

/** Shows that something takes long and that the start waits, below the step that it belongs to. */
export function showSlow(wait: SlowWait): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}    ${slowSentence(wait)}\n`);
}

export function slowSentence({ what, forMs, limitMs }: SlowWait): string {
  const limit = limitMs === undefined ? '' : `, at most ${Math.round(limitMs / 60_000)} minutes`;
  return `${what}: ${Math.round(forMs / 1000)} s so far. This computer is busy; the start waits${limit}.`;
}
