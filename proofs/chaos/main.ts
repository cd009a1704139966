import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom, planFaults } from './faults.ts';
import { faultsOf } from './judge.ts';
import { runChaos } from './run-chaos.ts';

const usage = `Session hosts as processes of their own, linked users in real browsers on the simulated WhatsApp, customers who write and owners who
send all the time; and every so often a fault. Exits 1 if anything was lost, doubled, out of order or left open.

  npm run prove -- chaos [--faults 60] [--users 12] [--hosts 3] [--every 20] [--seed N] [--kills-only] [--json] [--keep]

  --every N     seconds from one fault to the next
  --kills-only  none but faults after which sessions have to begin anew
  --json        prints the figures as JSON, and nothing else
  --keep        leaves the folder behind, with the log of all hosts, and says where`;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '60' },
    users: { type: 'string', default: '12' },
    hosts: { type: 'string', default: '3' },
    every: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'kills-only': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const log = createWriteStream(join(dir, 'hosts.log'));
  const seed = numberOf('seed');
  const random = createRandom(seed);
  say(`Over the WhatsApp stand-in, seed ${seed}`);
  try {
    const verdict = await runChaos({
      dir: join(dir, 'stage'),
      faults: planFaults(numberOf('faults'), random, { killsOnly: values['kills-only'] }),
      users: numberOf('users'),
      hosts: numberOf('hosts'),
      everyMs: numberOf('every') * 1_000,
      random,
      onStep: say,
      onLog: (line) => log.write(`${line}\n`),
    });
    const { failover, waits, ...counts } = verdict;
    if (!values.json) console.table({ ...counts, ...prefixed('failover', failover), ...prefixed('waits', waits) });
    console.log(JSON.stringify({ seed, ...verdict }));
    const wrong = faultsOf(verdict);
    if (wrong.length > 0) say(`Wrong: ${wrong.join(', ')}`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    log.end();
    if (values.keep) console.error(`  ${dir}`);
    else rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function say(text: string): void {
  if (!values.json) console.log(`  ${text}`);
}

function numberOf(name: 'faults' | 'users' | 'hosts' | 'every' | 'seed'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number of at least 1.\n\n${usage}`);
  return value;
}

function prefixed(
  name: string,
  { sessions, p50, p95, max }: { sessions: number; p50: number; p95: number; max: number },
) {
  return {
    [`${name}, sessions`]: sessions,
    [`${name}, p50 s`]: p50,
    [`${name}, p95 s`]: p95,
    [`${name}, max s`]: max,
  };
}
