import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';

const headlessShell = '/usr/lib/chromium/chromium-headless-shell';
const candidates = [
  headlessShell,
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const install =
  'On Debian: apt-get install chromium-headless-shell. Elsewhere install Google Chrome, or set CHROMIUM_PATH.';

/** @param named CHROMIUM_PATH */
export function chromiumCheck(named: string | undefined): Check {
  return {
    title: 'Chromium',
    async look() {
      const path = named ?? candidates.find((candidate) => existsSync(candidate));
      return judgeChromium({ path, version: path && existsSync(path) ? await versionOf(path) : undefined });
    },
  };
}

/** `version`: absent when it didn't say. */
export function judgeChromium({ path, version }: { path: string | undefined; version: string | undefined }): Finding {
  if (!path) return fail('none found', install);
  if (!version) return fail(`${path} does not run`, `Correct or unset CHROMIUM_PATH. ${install}`);
  if (path === headlessShell) return ok(version);
  return warn(`${version} (${path})`, 'It works. chromium-headless-shell takes less memory, and the tests run on it.');
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version', '--no-sandbox'], { timeout: 5_000, env: {} });
    return stdout.trim() || undefined;
  } catch {
    // What it says when it fails is for the browser's makers.
    return undefined;
  }
}
