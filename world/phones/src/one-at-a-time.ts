/**
 * Runs `work` for whoever asks, one run at a time: who asks during a run gets one more after it. The promise ends when
 * nothing is wanted any more.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let wanted = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    try {
      while (wanted) {
        wanted = false;
        await work();
      }
    } finally {
      running = undefined;
    }
  }

  return () => {
    wanted = true;
    running ??= run();
    return running;
  };
}
