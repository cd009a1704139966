import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, step } from './report.mjs';
import { runQuietly } from './run.mjs';

// The binary itself, not Debian's wrapper in /usr/bin: the wrapper does not exec, and killing it leaves the browser
// running.
const headlessShell = '/usr/lib/chromium/chromium-headless-shell';

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const fallbacks = {
  linux: [
    '/usr/lib/chromium/chromium',
    '/usr/lib/chromium-browser/chromium-browser',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
    '/opt/brave.com/brave/brave',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
};

/**
 * Finds a browser for the WhatsApp sessions, or installs Debian's headless shell when that is possible.
 * Order: CHROMIUM_PATH, the headless shell, Debian's package (as root), any Chrome that is there.
 * @returns {Promise<string>}
 */
export async function provideChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new SetupError(
      `CHROMIUM_PATH names ${named}, which does not exist.`,
      'Correct it. Or unset it: then a browser is looked for.',
    );
  }
  if (existsSync(headlessShell)) return headlessShell;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    const installed = await step('Installing Chromium headless shell (Debian package)', installHeadlessShell);
    if (installed) return headlessShell;
  }
  const found = fallbacks[process.platform]?.find((path) => existsSync(path));
  if (found) return found;
  throw new SetupError(
    'No Chromium or Chrome was found.',
    'On Debian: sudo apt-get install chromium-headless-shell. Elsewhere install Google Chrome, or set CHROMIUM_PATH to a Chromium-based browser.',
  );
}

/** @returns {Promise<boolean>} false where the distribution has no such package (Ubuntu) */
async function installHeadlessShell() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runQuietly('apt-get', ['update', '-qq'], { env });
    await runQuietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium-headless-shell'], {
      env,
    });
  } catch (error) {
    if (/Unable to locate package|no installation candidate/.test(String(error))) return false;
    throw new SetupError(
      `Debian's package chromium-headless-shell could not be installed: ${lastLine(error)}`,
      'Install it by hand, or set CHROMIUM_PATH.',
    );
  }
  return existsSync(headlessShell);
}

/** @param {string} command */
function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

/** @param {unknown} error */
function lastLine(error) {
  return String(error).trim().split('\n').at(-1);
}
