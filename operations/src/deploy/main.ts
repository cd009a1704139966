import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { readEnvironment } from '@top-active/infra/config';
import { allChecks } from './all-checks.ts';
import { clientSettings } from './client-settings.ts';
import { runChecks } from './checks/check.ts';
import { DeploymentError } from './deployment-error.ts';
import { readDeployment } from './deployment.ts';
import { leftToDo } from './left-to-do.ts';
import { readOptions, usage, type Options } from './options.ts';
import { runInForeground } from './run-process.ts';
import { smokeCheck } from './smoke-check.ts';
import { rollBackWeb } from './web/roll-back-web.ts';
import { uploadWeb } from './web/upload-web.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const infra = join(repository, 'infra');
const webFolder = join(repository, 'web', 'dist');

await main().catch((error: unknown) => {
  const isOurs = error instanceof DeploymentError;
  console.error(isOurs ? `\nCannot go on: ${error.message}\n` : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return console.log(usage);
  if (options.profile) process.env.AWS_PROFILE = options.profile;
  await check(options);
  if (options.onlyCheck) return;
  if (options.what === 'all') await deployStacks(options);
  await (options.rollback ? rollBack(options) : publish(options));
}

async function check(options: Options): Promise<void> {
  console.log(`\n${options.what === 'all' ? 'Deployment' : 'Web app'} of ${options.stage}\n`);
  const failed = await runChecks(allChecks(options, { infra }), console.log);
  if (failed.length) throw new DeploymentError(`not ready: ${failed.join(', ')}.`, 'Nothing was changed.');
  const asks = options.what === 'all' && options.approval !== 'never' && !options.onlyCheck;
  if (asks && !process.stdin.isTTY)
    throw new DeploymentError(
      'This command asks before it deploys, but it runs without a terminal.',
      'To deploy without a question, pass --require-approval never.',
    );
}

async function deployStacks({ stage, approval }: Options): Promise<void> {
  console.log('\nStacks (the first time 20 to 40 minutes)\n');
  // The templates that the checks have written.
  const args = ['deploy', '--all', '--app', join('infra', 'cdk.out', stage), '--require-approval', approval];
  mustEndWell(await runInForeground('cdk', args, { cwd: repository }), {
    problem: 'The CDK could not finish the deployment.',
    remedy:
      'Read its message above and mend the cause. What was deployed stays; run the same command again to continue.',
  });
}

async function publish({ stage, what }: Options): Promise<void> {
  console.log('\nWeb app\n');
  mustEndWell(await runInForeground('npm', ['run', '--silent', 'build', '-w', 'web'], { cwd: repository }), {
    problem: 'The web app could not be built.',
    remedy: 'See above.',
  });
  const environment = readEnvironment(stage);
  const deployment = await readDeployment(new CloudFormationClient(clientSettings(environment)), environment.stage);
  const s3 = new S3Client(clientSettings(environment));
  const written = await uploadWeb({ s3, bucket: deployment.webBucket, folder: webFolder });
  console.log(`\n  ✓ ${written.length} files uploaded`);
  await smokeCheck({ ...deployment, page: await readFile(join(webFolder, 'index.html'), 'utf8') });
  console.log(`  ✓ ${deployment.address} serves this version, and its API is healthy\n`);
  if (what === 'web') return;
  const steps = leftToDo(environment, deployment).map((step, i) => `  ${i + 1}. ${step}`);
  console.log(`Still to do by hand, if you have not done it before:\n\n${steps.join('\n')}\n`);
}

async function rollBack({ stage }: Options): Promise<void> {
  const environment = readEnvironment(stage);
  const { address, webBucket } = await readDeployment(
    new CloudFormationClient(clientSettings(environment)),
    environment.stage,
  );
  const writtenAt = await rollBackWeb({ s3: new S3Client(clientSettings(environment)), bucket: webBucket });
  console.log(`\n  ✓ The web app of ${writtenAt.toISOString()} is live again`);
  await smokeCheck({ address });
  console.log(`  ✓ ${address} answers, and its API is healthy\n`);
}

function mustEndWell(code: number, { problem, remedy }: { problem: string; remedy: string }): void {
  if (code !== 0) throw new DeploymentError(problem, remedy);
}
