import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { LiveReport } from './report.ts';

const manifest = z.object({ version: z.string().regex(/^[\w.+-]{1,64}$/) });

/** What was tried: the commit (`unknown` outside of a checkout), the library, the browser. */
export function readVersions(chromiumPath: string): LiveReport['versions'] {
  const library = createRequire(import.meta.url).resolve('whatsapp-web.js/package.json');
  return {
    commit: firstMatch(() => run('git', ['rev-parse', '--short', 'HEAD']), /^[0-9a-f]{7,40}/),
    library: manifest.parse(JSON.parse(readFileSync(library, 'utf8'))).version,
    chromium: firstMatch(() => run(chromiumPath, ['--version']), /\d+(?:\.\d+){1,3}/),
  };
}

function run(command: string, args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] });
}

function firstMatch(read: () => string, pattern: RegExp): string {
  try {
    return pattern.exec(read())?.[0] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
