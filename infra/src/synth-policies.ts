import { functions } from '@top-active/lambdas/functions';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from './config.ts';
import { makeApp } from './make-app.ts';

// node infra/src/synth-policies.ts <stage> <region> <outdir>: the templates of one environment for the embedded cloud,
// which reads resources and policies from them. Functions are not bundled for that: their code decides nothing here.
const [stage, region, outdir] = process.argv.slice(2);
if (!stage || !region || !outdir) throw new Error('Usage: node infra/src/synth-policies.ts <stage> <region> <outdir>');
const bundles = join(outdir, 'bundles');
for (const { name } of functions) {
  mkdirSync(join(bundles, name), { recursive: true });
  writeFileSync(join(bundles, name, 'index.mjs'), '');
}
makeApp({ environment: { ...readEnvironment(stage), region }, bundles, outdir: join(outdir, 'assembly') }).synth();
