// `npm run drill:restore`: rehearses the loss of all tables. See docs/operations/backup-and-restore.md.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('local/src/drill/main.ts', prepare);
