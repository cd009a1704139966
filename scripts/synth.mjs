// What `cdk` runs for the templates, by cdk.json: under Node 24, whatever the shell's own is.
import { prepareTools } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('infra/src/synth.ts', { prepare: prepareTools, args: [] });
