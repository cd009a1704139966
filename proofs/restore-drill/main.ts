import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rehearseRestore } from './rehearse-restore.ts';

const usage = `Rehearses the loss of all tables on a stack of its own, and their restore. Exits 1 if anything is not as it must be.

  npm run prove -- restore-drill [--messages 60] [--keep]

  --messages N  that each customer writes before and after the restore point
  --keep        leaves the state folder behind, and says where`;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await run(Number(values.messages));

async function run(messages: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'restore-drill-'));
  const began = performance.now();
  try {
    const findings = await rehearseRestore({
      dir: join(dir, 'stack'),
      messages,
      onStep: (text) => console.log(`  · ${text}`),
    });
    console.log('');
    for (const { what, ok, seen } of findings) console.log(`  ${ok ? '✓' : '✗'} ${what.padEnd(72)} ${seen}`);
    const missed = findings.filter(({ ok }) => !ok).length;
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`\n  ${missed === 0 ? 'Restored' : `${missed} missed`}, ${seconds} s`);
    process.exitCode = missed === 0 ? 0 : 1;
  } finally {
    if (values.keep) console.log(`  ${dir}`);
    else rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
