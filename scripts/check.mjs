// `npm run check`: format, lint, types, dead code, tests, synth: what a change must pass.
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

const checks = ['format:check', 'lint', 'types', 'deadcode', 'test', 'synth'];

try {
  const { env } = await prepare();
  const failed = [];
  for (const check of checks) {
    console.log(`\n── ${check}`);
    if ((await runInForeground('npm', ['run', '--silent', check], { cwd: root, env })) !== 0) failed.push(check);
  }
  console.log(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll checks passed.');
  process.exitCode = failed.length ? 1 : 0;
} catch (error) {
  fail(error);
}
