// `npm run deploy`, `npm run deploy:web`: everything, or the web app, into an AWS account. See docs/deploy/README.md.
import { prepareTools } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('infra/src/deploy/main.ts', prepareTools);
