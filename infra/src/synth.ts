import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle-functions.ts';
import { makeApp } from './make-app.ts';

// `npm run synth` writes every environment's templates; `cdk deploy` runs this too and names the one it wants.
const folder = fileURLToPath(new URL('..', import.meta.url));
const bundles = join(folder, 'dist');
const stages = process.env.STAGE ? [process.env.STAGE] : ['dev', 'prod'];

await bundleFunctions(bundles);
for (const stage of stages) {
  const outdir = process.env.CDK_OUTDIR ?? join(folder, 'cdk.out', stage);
  const assembly = makeApp({ stage, bundles, outdir }).synth();
  console.log(
    `${stage}: ${assembly.stacks.map((stack) => `${stack.stackName} (${Object.keys(stack.template.Resources).length})`).join(', ')}`,
  );
}
