import { linkStates } from '@top-active/core/contracts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestRuntime } from './test-runtime.ts';
import { shouldResume } from './user-runtime.ts';

describe('what is taken up after a restart of the host', () => {
  it('is what its owner wants and what had not ended', () => {
    expect(linkStates.filter((state) => shouldResume({ desired: 'on', state }))).toEqual([
      'starting',
      'qr',
      'code',
      'scanned',
      'passkey',
      'code_comparison',
      'syncing',
      'linked',
      'reconnecting',
      'failed',
    ]);
  });

  it('is nothing that was ended since nobody used it, but what had no room before', () => {
    expect(shouldResume({ desired: 'on', state: 'failed', failure: 'idle' })).toBe(false);
    expect(shouldResume({ desired: 'on', state: 'failed', failure: 'host_busy' })).toBe(true);
  });

  it('is nothing that its owner has stopped', () => {
    expect(linkStates.filter((state) => shouldResume({ desired: 'off', state }))).toEqual([]);
  });
});

describe('a wake that comes before the session was taken up', () => {
  let checkpointDir: string;
  beforeEach(async () => {
    checkpointDir = await mkdtemp(join(tmpdir(), 'user-runtime-'));
  });
  afterEach(() => rm(checkpointDir, { recursive: true, force: true }));

  it('leaves what is ordered open until then', async () => {
    const { runtime, ended } = await createTestRuntime({ record: { desired: 'on', state: 'unlinked' }, checkpointDir });
    runtime.commands.poke();
    await runtime.commands.settled();
    expect(ended).toEqual([]);
    expect(runtime.isTakenUp).toBe(false);
    await runtime.resume();
    expect(runtime.isTakenUp).toBe(true);
    runtime.commands.poke();
    await runtime.commands.settled();
    expect(ended).toMatchObject([{ state: 'FAILED', failure: 'whatsapp_not_linked' }]);
  });

  it('takes it up once, however many ask for it', async () => {
    const { runtime, written } = await createTestRuntime({
      record: { desired: 'on', state: 'linked' },
      checkpointDir,
      more: { hasRoom: () => false },
    });
    expect(await Promise.all([runtime.resume(), runtime.resume()])).toEqual([false, false]);
    expect(written).toEqual(['host_busy']);
  });
});
