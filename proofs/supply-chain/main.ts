import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `What runs in AWS is made of, and whether something known is wrong with it.
Writes a bill of materials (CycloneDX) from the lockfile, and asks the npm registry for known faults of what runs in AWS. Exits 1 at a
grave one, 2 if the registry can't be asked.

  npm run prove -- supply-chain [--out sbom.cdx.json] [--level high] [--offline]

  --offline  the bill of materials only`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'sbom.cdx.json' },
    level: { type: 'string', default: 'high' },
    offline: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..', '..');
/** The rooms that run in AWS or in the browser. */
const delivered = ['core', 'aws', 'lambdas', 'session-host', 'web'].flatMap((room) => ['--workspace', room]);
const timeoutMs = 120_000;

if (values.help) console.log(usage);
else {
  writeBill();
  if (!values.offline) audit();
}

function writeBill(): void {
  // Peers that nobody installs (Nuxt UI's editor) are no part of what is delivered.
  const options = ['--package-lock-only', '--omit', 'dev', '--legacy-peer-deps'];
  const bill = npm(['sbom', '--sbom-format', 'cyclonedx', ...options, ...delivered]);
  if (bill.status !== 0) throw new Error(`npm could not write the bill of materials: ${bill.stderr.slice(0, 500)}`);
  writeFileSync(values.out, bill.stdout);
  const components = bill.stdout.match(/"bom-ref"/g)?.length ?? 0;
  console.log(`${values.out}: ${components} components`);
}

function audit(): void {
  const { status, stdout, stderr } = npm(['audit', '--omit', 'dev', '--audit-level', values.level, ...delivered]);
  console.log(stdout);
  if (/audit endpoint returned an error|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(stderr + stdout)) {
    console.error('The npm registry could not be asked. Try again with a network.');
    process.exitCode = 2;
  } else if (status !== 0) process.exitCode = 1;
}

function npm(args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
}
