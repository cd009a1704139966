import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCheckpointStore } from '@top-active/session-host/checkpoint/checkpoint-store';
import { stampsOf, type Stamps } from '@top-active/session-host/checkpoint/copied-file';
import { copySessionFiles, writeSessionFiles } from '@top-active/session-host/checkpoint/session-files';
import { takeSnapshot } from '@top-active/session-host/checkpoint/snapshot';
import { createTestBox, createTestPointer } from '@top-active/session-host/checkpoint/test-stores';
import { openGrowingPage } from './growing-page.ts';
import { createLibraryBackup } from './remote-auth.ts';

/** One checkpoint, or one backup of the library's. */
export interface Sample {
  bytes: number;
  ms: number;
}

/** How often each is measured. */
export interface CostRounds {
  /** When nothing has changed. */
  unchanged: number;
  /** After one message. */
  one: number;
  /** After a hundred messages. */
  hundred: number;
  /** The library's RemoteAuth, after a hundred messages. */
  zip: number;
}

export interface CheckpointCost {
  /** Bytes of the session's files, before and after. */
  profile: { before: number; after: number };
  samples: Record<'full' | keyof CostRounds, Sample[]>;
  /** Backups of the library's that failed and were made again. */
  failedZips: number;
  restoreMs: number;
}

const messagesPerMb = 1400;
/** Stamps count from two seconds after the last change on. */
const settleMs = 2_500;
const zipAttempts = 5;
const localStorage = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`WAItem${i}`, 'x'.repeat(200)]));

/**
 * What a checkpoint of a live profile costs, and what the library's RemoteAuth takes for the same profile.
 * @param megabytes of content written first; the profile becomes about as large
 * @throws when a checkpoint fails, or the library's backup does five times
 */
export async function measureCheckpointCost({
  megabytes,
  rounds,
}: {
  megabytes: number;
  rounds: CostRounds;
}): Promise<CheckpointCost> {
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
        if (attempt === zipAttempts) throw error;
      }
    }
  }

  try {
    await page.fill(messagesPerMb * megabytes);
    await delay(settleMs);
    const full = await save();
    const before = profile;
    await delay(settleMs);
    await save();
    const unchanged = await repeat(rounds.unchanged, () => save());
    const one = await repeat(rounds.one, () => saveAfter(1));
    const hundred = await repeat(rounds.hundred, () => saveAfter(100));
    const zip = await repeat(rounds.zip, async () => {
      await page.write(100);
      return zipOnce();
    });
    const begun = performance.now();
    const loaded = await store.loadNewest();
    await writeSessionFiles(loaded?.snapshot.files ?? new Map(), join(dir, 'restored'));
    const restoreMs = performance.now() - begun;
    return {
      profile: { before, after: profile },
      samples: { full: [full], unchanged, one, hundred, zip },
      failedZips,
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
  return createCheckpointStore({
    folder: dir,
    userId: randomUUID(),
    epoch: 1,
    secrets,
    pointer,
    chromiumVersion: '1',
    log,
  });
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
