// `npm run chaos`: session hosts under faults, all the time in use. See docs/ownership.md.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('local/src/chaos/main.ts', prepare);
