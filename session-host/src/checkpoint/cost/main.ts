// `npm run bench:checkpoints`: what a checkpoint costs by the size of the profile, beside the library's RemoteAuth in the same run. Sizes in MB as an argument.
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCheckpointStore } from '../checkpoint-store.ts';
import { stampsOf, type Stamps } from '../copied-file.ts';
import { copySessionFiles, writeSessionFiles } from '../session-files.ts';
import { takeSnapshot } from '../snapshot.ts';
import { createTestBox, createTestPointer } from '../test-stores.ts';
import { openGrowingPage } from './growing-page.ts';
import { createLibraryBackup } from './remote-auth.ts';

interface Sample {
  bytes: number;
  ms: number;
}

const sizes = (process.argv[2] ?? '1,5,20,50').split(',').map(Number);
const messagesPerMb = 1400;
/** Stamps count from two seconds after the last change on. */
const settleMs = 2_500;
const localStorage = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`WAItem${i}`, 'x'.repeat(200)]));

async function measure(megabytes: number) {
  const dir = await mkdtemp(join(tmpdir(), 'checkpoint-cost-'));
  const library = await createLibraryBackup(join(dir, 'library'));
  const page = await openGrowingPage(library.profileDir);
  const store = createStore(dir);
  let stamps: Stamps = new Map();
  let profile = 0;
  let failedZips = 0;

  async function save(): Promise<Sample> {
    const begun = performance.now();
    const held = await store.held();
    const snapshot = await takeSnapshot({
      copySession: (known) => copySessionFiles(library.profileDir, known),
      known: new Map([...stamps].filter(([path]) => held.has(path))),
      localStorage,
      chromiumVersion: 'any',
    });
    if (!snapshot) throw new Error('The profile is empty');
    const { bytes } = await store.save(snapshot);
    profile = [...snapshot.files.values()].reduce((sum, { size }) => sum + size, 0);
    stamps = stampsOf(snapshot.files);
    return { bytes, ms: performance.now() - begun };
  }

  async function saveAfter(messages: number): Promise<Sample> {
    await page.write(messages);
    return save();
  }

  /** The library copies a live profile file by file: one that vanishes meanwhile fails it. */
  async function zipOnce(): Promise<Sample> {
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now();
      try {
        return { bytes: await library.save(), ms: performance.now() - begun };
      } catch (error) {
        failedZips++;
        if (attempt === 5) throw error;
      }
    }
  }

  try {
    await page.fill(messagesPerMb * megabytes);
    await delay(settleMs);
    const full = await save();
    const profileBefore = profile;
    await delay(settleMs);
    await save();
    const unchanged = await repeat(5, () => save());
    const one = await repeat(20, () => saveAfter(1));
    const hundred = await repeat(20, () => saveAfter(100));
    const zip = await repeat(4, async () => {
      await page.write(100);
      return zipOnce();
    });
    const begun = performance.now();
    const loaded = await store.loadNewest();
    await writeSessionFiles(loaded?.snapshot.files ?? new Map(), join(dir, 'restored'));
    const restoreMs = performance.now() - begun;
    return {
      profileBefore,
      profileAfter: profile,
      failedZips,
      rows: { full: [full], unchanged, one, hundred, zip },
      restoreMs,
    };
  } finally {
    await page.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function createStore(dir: string) {
  const secrets = createTestBox(createSecretKey(randomBytes(32)));
  const log = { debug: ignore, info: ignore, warn: ignore, error: fail };
  const pointer = createTestPointer();
  return createCheckpointStore({ folder: dir, userId: randomUUID(), epoch: 1, secrets, pointer, log });
}

function ignore() {}

function fail(message: string): never {
  throw new Error(message);
}

async function repeat(times: number, take: () => Promise<Sample>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < times; i++) samples.push(await take());
  return samples;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Median and mean of bytes, median of the time. A mean tells what compactions add now and then. */
function describe(samples: readonly Sample[]): string {
  const bytes = samples.map((sample) => sample.bytes);
  const mean = bytes.reduce((a, b) => a + b, 0) / bytes.length;
  const time = `${median(samples.map(({ ms }) => ms)).toFixed(0)} ms`;
  return `${kb(median(bytes))} (mean ${kb(mean)}), ${time}`;
}

function kb(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1000).toFixed(1)} kB`;
}

const table: Record<string, Record<string, string>> = {};
for (const size of sizes) {
  const { profileBefore, profileAfter, failedZips, rows, restoreMs } = await measure(size);
  const profile = `${kb(profileBefore)} to ${kb(profileAfter)}`;
  table[profile] = {
    'first of a chain': describe(rows.full),
    'nothing new': describe(rows.unchanged),
    'after 1 message': describe(rows.one),
    'after 100 messages': describe(rows.hundred),
    'RemoteAuth, any time': `${describe(rows.zip)}${failedZips > 0 ? `; ${failedZips} more failed` : ''}`,
    restore: `${restoreMs.toFixed(0)} ms`,
  };
  console.log(`Profile of ${profile}:`);
  console.table(table[profile]);
}
console.log(JSON.stringify(table, null, 2));
