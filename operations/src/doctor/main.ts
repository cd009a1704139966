import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { awsChecks } from './aws/aws-checks.ts';
import { localChecks } from './local/local-checks.ts';
import { describeResults, exitCodeOf } from './report.ts';
import { runChecks } from './run-checks.ts';

const usage = `Looks at the stack and says what is wrong, and what to do about it. Changes nothing. Exits 1 if something is wrong, 2 if it
can't look.

  npm run ops -- doctor                       this machine and the stack on it, running or not
  npm run ops -- doctor --stage dev|prod   an AWS account, with the credentials of your shell

  --port N      of the local app (3000)
  --dir DIR     of the local state (.local)
  --profile P   of the AWS credentials
  --json        for programs`;

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const { values } = parseArgs({
  options: {
    stage: { type: 'string' },
    port: { type: 'string', default: '3000' },
    dir: { type: 'string', default: `${repository}.local` },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else
  await examine().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });

async function examine(): Promise<void> {
  if (values.profile) process.env.AWS_PROFILE = values.profile;
  const { stage, port, dir } = values;
  const checks = stage
    ? await awsChecks(stage)
    : localChecks({ repository, dir, port: Number(port), chromium: process.env.CHROMIUM_PATH });
  const results = await runChecks(checks);
  console.log(values.json ? JSON.stringify(results, null, 2) : `\n${describeResults(results)}\n`);
  process.exitCode = exitCodeOf(results);
}
