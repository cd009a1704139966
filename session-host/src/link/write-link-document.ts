import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { linkDocument } from './link-document.ts';

const file = fileURLToPath(new URL('../../../docs/linking.md', import.meta.url));
writeFileSync(file, linkDocument());
execFileSync('npx', ['oxfmt', file], { stdio: 'inherit' });
