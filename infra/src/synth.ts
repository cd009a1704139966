import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle-functions.ts';
import { askForSettings, readEnvironment, SettingsError } from './config.ts';
import { makeApp } from './make-app.ts';
import { refusePlaceholders } from './refuse-placeholders.ts';

// `npm run ops -- synth` writes every environment's templates. `cdk` runs this too, for one environment.
const folder = fileURLToPath(new URL('..', import.meta.url));
const bundles = join(folder, 'dist');
const { CDK_OUTDIR: cdkFolder, STAGE: stage } = process.env;

try {
  await writeTemplates();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function writeTemplates(): Promise<void> {
  await bundleFunctions(bundles);
  for (const name of stagesToWrite()) {
    const environment = readEnvironment(name);
    const app = makeApp({ environment, bundles, outdir: cdkFolder ?? join(folder, 'cdk.out', name) });
    if (cdkFolder) refusePlaceholders(app, environment);
    const stacks = app
      .synth()
      .stacks.map((stack) => `${stack.stackName} (${Object.keys(stack.template.Resources).length})`);
    console.log(`${name}: ${stacks.join(', ')}`);
    const request = askForSettings(environment);
    if (request) console.log(`${name} can't be deployed yet. ${request}`);
  }
}

/** One folder of templates holds one environment. */
function stagesToWrite(): string[] {
  if (stage) return [stage];
  return cdkFolder ? ['dev'] : ['dev', 'prod'];
}
