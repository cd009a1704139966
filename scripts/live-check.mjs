// `npm run live:check`: everything that the product does with WhatsApp, step by step on the real one. See
// docs/whatsapp-versions.md.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain('local/src/live-check/main.ts', prepare);
