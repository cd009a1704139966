const killTimeoutMs = 5_000;
const pollMs = 20;

/**
 * Kills a browser with all its processes: every browser leads a process group. Waits until it is gone, for some seconds
 * at most.
 */
export async function killGroup(pid: number, isGone: () => boolean | Promise<boolean>): Promise<boolean> {
  // The group first; the process alone, should it lead none.
  for (const target of [-pid, pid]) kill(target);
  const deadline = performance.now() + killTimeoutMs;
  while (!(await isGone())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    // It is gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
