import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newestBuild, pageBuilds, type PageBuild } from '@top-active/world/whatsapp/page-builds';
import { StackError } from './stack/stack-error.ts';

export const usage = `npm start -- [--port 3000] [--dir .local] [--fresh] [--live] [--page ${newestBuild}]

  --port N   the app on port N, the simulated world on N + 1
  --dir DIR  where the state lives
  --fresh    throws the state away and begins anew
  --live     the real WhatsApp, Google and OpenAI instead of the simulated ones
  --page B   how WhatsApp's simulated page is built: ${pageBuilds.join(', ')}
  --verbose  every log line of functions and session host`;

export interface Options {
  port: number;
  dir: string;
  fresh: boolean;
  live: boolean;
  /** Absent: the page that was chosen last, and the newest until one is. */
  page: { build: PageBuild } | undefined;
  verbose: boolean;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What was asked for on the command line.
 * @throws {StackError} for a value that is wrong
 * @throws {Error} that `isUsageError` knows, for an option that doesn't exist or lacks its value
 */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
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
  const { help, ...options } = values;
  return help ? 'help' : { ...options, port: portOf(values.port), page: pageOf(values) };
}

/** Thrown by parseArgs for options that don't exist or lack their value. */
export function isUsageError(error: unknown): error is Error {
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

function pageOf({ page, live }: { page?: string | undefined; live: boolean }): Options['page'] {
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
