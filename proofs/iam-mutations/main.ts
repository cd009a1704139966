import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changes, type Mutant } from './mutants.ts';
import { readPoliciesToMutate } from './read-policies-to-mutate.ts';
import { recordAccesses } from './record-accesses.ts';
import { readRecorded, recordedFile } from './recorded.ts';
import { runMutations } from './run-mutations.ts';

// `npm run prove -- iam-mutations`: changes each statement of each policy and fails where no check notices.
const { values } = parseArgs({
  options: {
    /** Runs the product first and writes down what it is allowed; about five minutes. */
    record: { type: 'boolean', default: false },
  },
});
const began = performance.now();
if (values.record) {
  const recorded = await recordAccesses();
  writeFileSync(recordedFile, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${recorded.length} accesses recorded`);
}
const report = await runMutations({
  deployment: await readPoliciesToMutate(),
  recorded: readRecorded(readFileSync(recordedFile, 'utf8')),
});
const { checks, killed, survived, equivalent } = report;
console.log(`${checks.required} accesses must stay allowed, ${checks.forbidden} denied\n`);
const count = (mutants: readonly Mutant[], change: string) =>
  String(mutants.filter((mutant) => mutant.change === change).length).padStart(10);
console.log(`${'change'.padEnd(16)}${['killed', 'survived', 'equivalent'].map((word) => word.padStart(10)).join('')}`);
for (const change of changes)
  console.log(change.padEnd(16) + count(killed, change) + count(survived, change) + count(equivalent, change));
for (const { change, policy, statement } of survived)
  console.log(`\nSURVIVED ${change}: ${policy.source} (${policy.kind})\n  ${JSON.stringify(statement)}`);
console.log(`\n${Math.round((performance.now() - began) / 1000)} s`);
process.exitCode = survived.length > 0 ? 1 : 0;
