import { pageVersions } from '@top-active/world/whatsapp';
import type { Options } from './read-options.ts';
import { describeAddresses } from './stack/addresses.ts';
import { bootStack } from './stack/index.ts';
import { showSlow, showSteps } from './stack/show-steps.ts';
import { terminalLine } from './terminal-line.ts';

/** Boots everything, shows where it is, and ends it in order when somebody wants that. */
export async function runStack({ verbose, ...options }: Options): Promise<void> {
  const stopped = listenForEnd();
  const expectedBuilds = options.live ? [] : Object.values(pageVersions);
  const stack = await bootStack({
    ...options,
    onStep: showSteps,
    onSlow: showSlow,
    onLog: (line) => {
      const shown = terminalLine(line, expectedBuilds);
      if (verbose || shown?.stream === 'stderr') console.error(line);
      if (shown?.stream === 'stdout') console.log(shown.text);
    },
  }).catch((error: unknown) => {
    // Nothing is left running, and why a start failed that nobody wants any more is of no interest.
    if (stopped.aborted) return undefined;
    throw error;
  });
  if (!stack) return;
  if (!stopped.aborted) {
    console.log(describeAddresses(stack));
    await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
  }
  console.log('\n  Stopping: sessions are checkpointed first.');
  await stack.close();
}

/** Aborts when somebody wants an end. */
function listenForEnd(): AbortSignal {
  const end = new AbortController();
  // A second Ctrl-C ends at once; children notice that this process is gone. The other signals may come several times
  // for one end: to all of the terminal, and handed on by npm.
  process.on('SIGINT', () => (end.signal.aborted ? process.exit(130) : end.abort()));
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  // `npm start` holds a channel to this process; it alone must keep nothing running.
  process.on('disconnect', () => end.abort());
  process.channel?.unref();
  // The terminal may be gone before the sessions are saved.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return end.signal;
}
