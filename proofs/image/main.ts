import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildImage } from './build-image.ts';
import { inspectImage } from './inspect-image.ts';
import { readMachine } from './machine.ts';

const usage = `Takes the steps of session-host/Dockerfile in a changed root, looks at what they made, and runs the host in it against the embedded cloud and the
simulated WhatsApp: read-only root, unprivileged user, no capability. Needs root and debootstrap, not Docker. Exits 1 if anything is not as it must be.

  npm run prove -- image [--keep]

  --keep  leaves the root behind, and says where`;

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = join(repository, 'session-host/Dockerfile');

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) console.log(usage);
else process.exitCode = await rehearse();

async function rehearse(): Promise<number> {
  const machine = readMachine();
  const dir = mkdtempSync(join(tmpdir(), 'image-'));
  const began = performance.now();
  try {
    const image = await buildImage({ repository, dockerfile, dir, machine, onStep: printStep });
    const findings = await inspectImage({ image, machine, dockerfile });
    console.log('\n  Otherwise than a build with Docker:');
    for (const difference of image.differences) console.log(`  ~ ${difference}`);
    console.log('');
    for (const { what, ok, seen } of findings) console.log(`  ${ok ? '✓' : '✗'} ${what.padEnd(84)} ${seen}`);
    const missed = findings.filter(({ ok }) => !ok).length;
    const description = join(dir, 'image.json');
    writeFileSync(description, JSON.stringify(image));
    const failed = await runHost(description);
    console.log(
      `\n  ${missed + failed === 0 ? 'Rehearsed' : 'Not as it must be'}, ${Math.round((performance.now() - began) / 1000)} s`,
    );
    return missed + failed === 0 ? 0 : 1;
  } finally {
    if (values.keep) console.log(`  ${dir}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

function printStep(text: string): void {
  console.log(`  · ${text}`);
}

/** @returns 0 if the host does in the image what it must */
function runHost(description: string): Promise<number> {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, 'run', '--config', config], {
      cwd: repository,
      env: { ...process.env, IMAGE: description },
      stdio: 'inherit',
      timeout: 300_000,
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
