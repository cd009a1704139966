// `npm test`: every test of every runner, ending with the true sum on a line of its own.
import { prepare } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runTests, sumLine } from './setup/run-tests.mjs';

try {
  const { env } = await prepare();
  const sum = await runTests(env, process.argv.slice(2));
  console.log(`\n${sumLine(sum)}`);
  process.exitCode = sum.failed ? 1 : 0;
} catch (error) {
  fail(error);
}
