import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** For example `156.0.8078.79`. @throws when the browser doesn't start or says something else */
export async function readChromiumVersion(chromiumPath: string): Promise<string> {
  const { stdout } = await run(chromiumPath, ['--version'], { timeout: 15_000, env: { PATH: '/usr/bin:/bin' } });
  const version = /\d+(?:\.\d+){3}/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${chromiumPath} doesn't tell its version`);
  return version;
}
