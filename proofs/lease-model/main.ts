import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { checkLeases, noCounts, type Counts } from './check-leases.ts';
import { variants } from './variant.ts';

/**
 * `npm run prove -- lease-model [schedules] [seed]`: the protocol of the leases against so many random schedules, and
 * its broken variants.
 */
interface Portion {
  schedules: number;
  seed: number;
}

type Told = { done: Total } | { failed: string };

const portionSize = 2_500;

if (isMainThread) await main();
else parentPort?.once('message', (portions: Portion[]) => void work(portions));

async function main(): Promise<void> {
  const schedules = readNumber(process.argv[2], 100_000);
  const seed = readNumber(process.argv[3], Date.now() % 1_000_000);
  const began = performance.now();
  const portions = Array.from({ length: Math.ceil(schedules / portionSize) }, (_, i) => ({
    schedules: Math.min(portionSize, schedules - i * portionSize),
    seed: seed + i,
  }));
  let total: Total = { schedules: 0, ...noCounts };
  const failures: string[] = [];

  function hear(told: Told): void {
    if ('failed' in told) {
      failures.push(told.failed);
      return;
    }
    total = add(total, told.done);
    console.log(`${total.schedules} of ${schedules} schedules, ${Math.round((performance.now() - began) / 1_000)} s`);
  }

  const threads = availableParallelism();
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      inThread(
        portions.filter((_, i) => i % threads === thread),
        hear,
      ),
    ),
  );
  console.log(JSON.stringify({ seed, ...total, failures: failures.length }));
  for (const failure of failures) console.error(failure);
  const missed = await findMissedVariants(seed);
  if (failures.length > 0 || total.schedules !== schedules || missed > 0) process.exitCode = 1;
}

/** @returns how many broken variants went through */
async function findMissedVariants(seed: number): Promise<number> {
  let missed = 0;
  for (const variant of variants) {
    const { run } = await checkLeases({ schedules: 20_000, seed, variant });
    if (!run.failed) missed++;
    const verdict = run.failed ? `caught after ${run.numRuns} schedules: ${String(run.errorInstance)}` : 'MISSED';
    console.log(`broken on purpose, ${variant}: ${verdict}`);
  }
  return missed;
}

type Total = Counts & { schedules: number };

function add(a: Total, b: Total): Total {
  return {
    schedules: a.schedules + b.schedules,
    terms: a.terms + b.terms,
    takeovers: a.takeovers + b.takeovers,
    kills: a.kills + b.kills,
    refusedClaims: a.refusedClaims + b.refusedClaims,
    refusedWrites: a.refusedWrites + b.refusedWrites,
    released: a.released + b.released,
    settled: a.settled + b.settled,
    shared: a.shared + b.shared,
  };
}

function inThread(portions: Portion[], hear: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(portions);
    worker.on('message', hear);
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

async function work(portions: Portion[]): Promise<void> {
  for (const { schedules, seed } of portions) {
    const { run, counts } = await checkLeases({ schedules, seed });
    const told: Told = run.failed
      ? { failed: fc.defaultReportMessage(run) ?? 'failed' }
      : { done: { schedules: run.numRuns, ...counts } };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage(told);
    if (run.failed) return;
  }
}

function readNumber(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is no number of schedules, and no seed`);
  return value;
}
