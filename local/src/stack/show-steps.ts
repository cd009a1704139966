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
