import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { costDocument, estimateFor, readStage } from './document.ts';
import { readPrices, regions } from './prices.ts';
import { assumptionsMarkdown, reportMarkdown, topLines } from './report.ts';
import { explainOptions, workloadOptions, workloadSchema } from './workload.ts';

// `npm run ops -- cost`: what a month costs. `--help` names every option.
const documentFile = fileURLToPath(new URL('../../../docs/operations/cost.md', import.meta.url));
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(workloadOptions.map((name) => [name, { type: 'string' as const }])),
    region: { type: 'string', default: 'sa-east-1' },
    stage: { type: 'string', default: 'prod' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) showHelp();
else if (values.write) writeDocument();
else showEstimate();

function showEstimate(): void {
  const asked = z
    .object({ region: z.enum(regions), stage: z.enum(['dev', 'prod']), json: z.boolean() })
    .safeParse(values);
  const named = Object.fromEntries(Object.entries(values).filter(([name]) => workloadOptions.includes(name)));
  const workload = workloadSchema.safeParse(named);
  if (!asked.success) return refuse(asked.error);
  if (!workload.success) return refuse(workload.error);
  const { region, stage, json } = asked.data;
  const deployed = readStage(stage);
  const users = named.users === undefined ? [10, 100, 1000] : [workload.data.users];
  const estimates = estimateFor({ deployed, region, workload: workload.data, users });
  if (json) return console.log(JSON.stringify({ asOf: readPrices().asOf, stage, deployed, estimates }, null, 2));
  console.log(
    `${stage} in ${region}, list prices as of ${readPrices().asOf}, no free tiers, no tax, without OpenAI's tokens\n`,
  );
  console.log(reportMarkdown(estimates));
  for (const one of estimates) console.log(`\nAt ${one.workload.users} users:\n\n${topLines(one, 8)}`);
  console.log(`\nAssumptions, each an option:\n\n${assumptionsMarkdown(workload.data)}`);
  if (deployed.unknown.length > 0) console.log(`\nNot priced: ${deployed.unknown.join(', ')}`);
}

function writeDocument(): void {
  mkdirSync(dirname(documentFile), { recursive: true });
  writeFileSync(documentFile, costDocument());
  execFileSync('npx', ['oxfmt', documentFile], { stdio: 'inherit' });
}

function showHelp(): void {
  const options = [...explainOptions()].map(([name, what]) => `  --${name.padEnd(20)} ${what}`);
  console.log(
    [
      'npm run ops -- cost [--users N] [--messages N] [--region us-east-1|sa-east-1] [--stage dev|prod] [--json] [--write]',
      ...options,
    ].join('\n'),
  );
}

function refuse(error: z.ZodError): void {
  console.error(z.prettifyError(error));
  process.exitCode = 1;
}
