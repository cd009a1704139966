import { spawn, type ChildProcess } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { tableNumber } from '@top-active/session-host/checkpoint/leveldb/file-names';
import {
  contentsOf,
  copySessionFiles,
  databaseFolder,
  writeSessionFiles,
} from '@top-active/session-host/checkpoint/session-files';
import { openLoadPage, type LoadPage } from './load-page.ts';

/** `npm run prove -- checkpoints-load` takes 200. */
const copies = Number(process.env.CHECKPOINT_COPIES ?? 6);
/** The long run has a browser open all of them. */
const openedEach = copies > 20 ? 1 : 3;
const answerSchema = z.object({
  isLoaded: z.boolean(),
  ms: z.number(),
  bytes: z.number(),
  alarms: z.array(z.string()),
});
type Answer = z.infer<typeof answerSchema>;

/** Saves when asked, and can be stopped at any moment, as a process is that waits for its disk. */
interface Copier {
  copyTo(target: string): Promise<Answer>;
  stall(ms: number): Promise<void>;
  end(): void;
}

function startCopier(profileDir: string, folder: string): Copier {
  const script = fileURLToPath(new URL('copier.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, profileDir, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The copier has no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async copyTo(target) {
      child.stdin?.write(`${target}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error('The copier has ended');
      return answerSchema.parse(JSON.parse(value));
    },
    async stall(ms) {
      child.kill('SIGSTOP');
      await delay(ms);
      child.kill('SIGCONT');
    },
    end() {
      child.kill('SIGCONT');
      child.stdin?.end();
    },
  };
}

describe('checkpoints of a profile that is written all the time', { timeout: 60_000 + copies * 3_000 }, () => {
  let folder: string;
  let profileDir: string;
  let page: LoadPage;
  let copier: Copier;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'under-load-'));
    profileDir = join(folder, 'profile');
    page = await openLoadPage(profileDir);
    await page.load({ from: 1, everyMs: 3 });
    await vi.waitFor(() => access(join(profileDir, databaseFolder, 'CURRENT')), 10_000);
    copier = startCopier(profileDir, join(folder, 'checkpoints'));
  });
  afterAll(async () => {
    copier.end();
    await page.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** What a browser finds in a restored profile. */
  async function inspect(restored: string, writeOn = false) {
    const opened = await openLoadPage(restored);
    try {
      const found = await opened.inspect();
      if (writeOn) {
        await opened.load({ from: found.head + 1, everyMs: 1 });
        await vi.waitUntil(async () => (await opened.acknowledged()) > found.head + 20, 10_000);
      }
      return found;
    } finally {
      await opened.close();
    }
  }

  it('hold exactly what was written until some moment, at or after everything that was acknowledged before', async (context) => {
    const durations: number[] = [];
    let written = 0;
    for (let i = 0; i < copies; i++) {
      await delay(Math.random() * 150);
      const restored = join(folder, `restored-${i}`);
      const acknowledged = await page.acknowledged();
      const copying = copier.copyTo(restored);
      for (let stalls = i % 3; stalls > 0; stalls--) {
        await delay(Math.random() * 25);
        await copier.stall(250);
      }
      const { ms, bytes, ...answer } = await copying;
      expect(answer).toEqual({ isLoaded: true, alarms: [] });
      const found = i % openedEach === 0 ? await inspect(restored) : undefined;
      expect(found?.problems ?? []).toEqual([]);
      expect(found?.head ?? acknowledged).toBeGreaterThanOrEqual(acknowledged);
      durations.push(ms);
      written += bytes;
      await rm(restored, { recursive: true, force: true, maxRetries: 5 });
    }
    // Otherwise the load was too light to show anything.
    expect(await page.acknowledged()).toBeGreaterThan(200);
    const files = [...((await copySessionFiles(profileDir)) ?? new Map()).keys()].map((path) => path.split('/').at(-1));
    expect(files.some((name) => tableNumber(name ?? '') !== undefined)).toBe(true);
    await context.annotate(summary(durations, { written, transactions: await page.acknowledged() }));
  });

  it('lose nothing that was acknowledged when the browser is killed, and can be opened again and again', async () => {
    const acknowledged = await page.acknowledged();
    await page.kill();
    const restored = join(folder, 'restored');
    expect(await copier.copyTo(restored)).toMatchObject({ isLoaded: true, alarms: [] });
    const first = await inspect(restored, true);
    expect(first.problems).toEqual([]);
    expect(first.head).toBeGreaterThanOrEqual(acknowledged);
    const second = await inspect(restored);
    expect(second.problems).toEqual([]);
    expect(second.head).toBeGreaterThan(first.head + 20);
    // And what it has become can be copied once more.
    const again = join(folder, 'again');
    const copy = await copySessionFiles(restored);
    await writeSessionFiles(contentsOf(copy ?? new Map()), again);
    expect((await inspect(again)).head).toBeGreaterThanOrEqual(second.head);
  });
});

function summary(durations: number[], counts: Record<string, number>): string {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return JSON.stringify({ copies: sorted.length, ms: { p50: at(0.5), p95: at(0.95), max: at(1) }, ...counts });
}
