import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm run prove -- page-builds [BUILD…]`: the tests of the session hosts on each build of WhatsApp's page, one after
 * the other.
 */
const builds =
  process.argv.length > 2 ? process.argv.slice(2) : ['2026-04', '2026-07', '2026-07-lazy', '2026-08', '2026-09'];
const root = join(import.meta.dirname, '../..');
const timeoutMs = 30 * 60_000;

const failed = builds.filter((build) => {
  console.log(`\n── ${build}`);
  const args = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'host', '--exclude', '**/engine-*'];
  const env = { ...process.env, PAGE_BUILD: build };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit', timeout: timeoutMs }).status !== 0;
});
console.log(failed.length > 0 ? `\nRed on ${failed.join(', ')}` : `\nGreen on ${builds.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
