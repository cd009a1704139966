import { parseArgs } from 'node:util';
import { mutants } from './mutants.ts';
import { runTests } from './run-tests.ts';

// `npm run prove -- page-mutations`: switches each repair of WhatsApp's page off, and fails where no test notices.
// Names after `--` choose among them.
const { positionals } = parseArgs({ allowPositionals: true });
const chosen = mutants.filter(({ repair }) => positionals.length === 0 || positionals.includes(repair));
if (chosen.length === 0)
  throw new Error(`There is no such repair. There are: ${mutants.map(({ repair }) => repair).join(', ')}`);

const width = Math.max(...chosen.map(({ repair }) => repair.length)) + 2;
console.log(`${'switched off'.padEnd(width)}${'noticed'.padEnd(10)}tests`);
let survived = 0;
for (const mutant of chosen) {
  let { passed, failed } = await runTests(mutant);
  // A browser that didn't start in time proves nothing: once more.
  if (passed + failed === 0) ({ passed, failed } = await runTests(mutant));
  if (failed === 0) survived += 1;
  const noticed = failed > 0 ? 'yes' : passed > 0 ? 'NO' : 'NOT RUN';
  console.log(
    `${mutant.repair.padEnd(width)}${noticed.padEnd(10)}${failed} red, ${passed} green in ${mutant.project}/${mutant.file}`,
  );
}
process.exitCode = survived > 0 ? 1 : 0;
