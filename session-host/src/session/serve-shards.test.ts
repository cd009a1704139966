import { createClients, type Log } from '@top-active/aws';
import { afterEach, describe, expect, it } from 'vitest';
import { createShardService } from './serve-shards.ts';
import type { UserRuntime } from './user-runtime.ts';

const userId = '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11';
const ignore = () => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What the sweep sees of a user whose session runs, or doesn't. */
interface Seen {
  isRunning: boolean;
  wantsAnotherTry: boolean;
}

describe('the sweep', () => {
  const ending = new AbortController();
  afterEach(() => ending.abort());

  function startSweeping(seen: Seen) {
    const calls: string[] = [];
    const runtime = {
      session: seen,
      isTakenUp: true,
      get isRunning() {
        return seen.isRunning;
      },
      resume() {
        calls.push('resume');
        seen.isRunning = true;
        return Promise.resolve(true);
      },
      commands: { poke: () => calls.push('poke') },
    };
    const clients = createClients();
    const service = createShardService({
      clients,
      placement: { shardOf: () => 0, owns: () => true, epochOf: () => 1, users: async () => [userId] },
      // oxlint-disable-next-line no-unsafe-type-assertion -- The sweep looks at nothing else of a runtime.
      runtimes: {
        for: async () => runtime as unknown as UserRuntime,
        all: () => [],
        running: 0,
        release: async () => undefined,
      },
      config: {
        aws: { WAKE_QUEUE_URL_TEMPLATE: '' } as never,
        earlySweepMs: 5,
        earlyForMs: 60_000,
        sweepMs: 5,
        stopTimeoutMs: 1,
      },
      log,
      signal: ending.signal,
    });
    service.startSweeping();
    return calls;
  }

  it('takes up again what a fault of the host has ended, once its pause is over', async () => {
    const seen = { isRunning: false, wantsAnotherTry: false };
    const calls = startSweeping(seen);
    await expect.poll(() => calls.length).toBeGreaterThan(2);
    expect(calls).not.toContain('resume');
    seen.wantsAnotherTry = true;
    await expect.poll(() => calls).toContain('resume');
    const { length } = calls;
    await expect.poll(() => calls.length).toBeGreaterThan(length + 2);
    expect(calls.filter((call) => call === 'resume')).toHaveLength(1);
  });
});
