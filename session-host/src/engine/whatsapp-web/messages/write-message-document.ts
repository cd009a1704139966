import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messageDocument } from './message-document.ts';

const file = fileURLToPath(new URL('../../../../../docs/message-types.md', import.meta.url));
writeFileSync(file, messageDocument());
execFileSync('npx', ['oxfmt', file], { stdio: 'inherit' });
