import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle-functions.ts';
import { assertDeployable, placeholdersOf, readEnvironment } from './config.ts';
import { makeApp } from './make-app.ts';

// `npm run ops -- synth` writes every environment's templates; `cdk deploy` runs this too and names the one it wants.
const folder = fileURLToPath(new URL('..', import.meta.url));
const bundles = join(folder, 'dist');
const stages = process.env.STAGE ? [process.env.STAGE] : ['dev', 'prod'];

await bundleFunctions(bundles);
for (const stage of stages) {
  const environment = readEnvironment(stage);
  // Templates to look at may have open places; what the CDK's command line asks for is meant for an account.
  if (process.env.CDK_OUTDIR) assertDeployable(environment);
  const outdir = process.env.CDK_OUTDIR ?? join(folder, 'cdk.out', stage);
  const assembly = makeApp({ environment, bundles, outdir }).synth();
  console.log(
    `${stage}: ${assembly.stacks.map((stack) => `${stack.stackName} (${Object.keys(stack.template.Resources).length})`).join(', ')}`,
  );
  const open = placeholdersOf(environment);
  if (open.length)
    console.log(`${stage}: to be set in infra/src/environments.ts before it can be deployed: ${open.join(', ')}`);
}
