// `npm run deploy`: everything into an AWS account, or the web app alone.
import { prepareTools } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('operations/src/deploy/main.ts', { prepare: prepareTools, args: process.argv.slice(2) });
