import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describeAddresses } from './stack/addresses.ts';
import { bootStack, StackError } from './stack/index.ts';
import { showSlow, showSteps } from './stack/show-steps.ts';
import { terminalLine } from './terminal-line.ts';
import { newestBuild, pageBuilds, pageVersions, type PageChanges } from '@top-active/world/whatsapp';

const usage = `npm start -- [--port 3000] [--dir .local] [--fresh] [--live] [--page ${newestBuild}]

  --port N   the app on port N, the simulated world on N + 1
  --dir DIR  where the state lives
  --fresh    throws the state away and begins anew
  --live     the real WhatsApp, Google and OpenAI instead of the simulated ones
  --page B   how WhatsApp's simulated page is built: ${pageBuilds.join(', ')}
  --verbose  every log line of functions and session host`;

const repository = fileURLToPath(new URL('../..', import.meta.url));

try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      dir: { type: 'string', default: join(repository, '.local') },
      fresh: { type: 'boolean', default: false },
      live: { type: 'boolean', default: false },
      page: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else {
    await run({ ...values, port: portOf(values.port), page: pageOf(values) });
  }
} catch (error) {
  if (error instanceof StackError) console.error(`\nCannot go on: ${error.message}\n`);
  else if (isUsageError(error)) console.error(`${error.message}\n\n${usage}`);
  else console.error(error);
  process.exitCode = 1;
}

async function run({
  verbose,
  ...options
}: {
  dir: string;
  port: number;
  fresh: boolean;
  live: boolean;
  page: PageChanges | undefined;
  verbose: boolean;
}): Promise<void> {
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

/** Thrown by parseArgs for options that don't exist or lack their value. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port < 65_535) return port;
  throw new StackError(
    `--port ${text} is not a port.`,
    'Use a number from 1024 to 65534. The simulated world takes the next port.',
  );
}

/** Absent: the page that was chosen last, and the newest until one is. */
function pageOf({ page, live }: { page?: string | undefined; live: boolean }): PageChanges | undefined {
  if (page === undefined) return undefined;
  if (live)
    throw new StackError(
      '--page and --live exclude each other: --page chooses a simulated page, --live takes the real one.',
      'Leave one of them out.',
    );
  const build = pageBuilds.find((known) => known === page);
  if (build !== undefined) return { build };
  throw new StackError(
    `--page ${page}: there is no such build of the simulated WhatsApp page.`,
    `Use one of: ${pageBuilds.join(', ')}.`,
  );
}
