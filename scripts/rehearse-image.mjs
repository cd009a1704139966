// `npm run image:rehearse`: takes the steps of session-host/Dockerfile without Docker and runs the host in what they made.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('local/src/image/main.ts', prepare);
