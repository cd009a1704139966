import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildExtension, extensionVersion, packExtension } from './build-extension.ts';
import { targets } from './manifest.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const version = await extensionVersion();
await mkdir(dist, { recursive: true });

for (const target of targets) {
  await buildExtension(target, join(dist, target));
  const archive = await packExtension(target);
  const name = `top-active-link-${version}-${target}.zip`;
  await writeFile(join(dist, name), archive);
  console.log(`dist/${name}  ${archive.length} bytes  sha256 ${createHash('sha256').update(archive).digest('hex')}`);
}
