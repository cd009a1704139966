import { linkStates } from '@top-active/core/contracts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

  it('leaves what is ordered open while there is no room, and carries on when there is', async () => {
    let isFull = true;
    const { runtime, ended, started } = await createTestRuntime({
      record: { desired: 'on', state: 'linked' },
      checkpointDir,
      more: { hasRoom: () => !isFull },
    });
    expect(await runtime.resume()).toBe(false);
    runtime.commands.poke();
    await runtime.commands.settled();
    expect(ended).toEqual([]);
    isFull = false;
    expect(await runtime.resume()).toBe(true);
    await expect.poll(() => started.times).toBeGreaterThan(0);
    expect(ended).toEqual([]);
    await runtime.stop({ drainMs: 0 });
  });
});

describe('places on a host', () => {
  let checkpointDir: string;
  beforeEach(async () => {
    checkpointDir = await mkdtemp(join(tmpdir(), 'user-runtime-'));
  });
  afterEach(() => rm(checkpointDir, { recursive: true, force: true }));

  async function resume(record: Parameters<typeof createTestRuntime>[0]['record'], hasCheckpoint = false) {
    const asked: boolean[] = [];
    const hasRoom = ({ isLinked }: { isLinked: boolean }) => {
      asked.push(isLinked);
      return false;
    };
    const { runtime } = await createTestRuntime({ record, checkpointDir, more: { hasRoom } });
    if (hasCheckpoint) {
      const folder = join(checkpointDir, runtime.userId);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, '0000000001-0000000001-0000000001.checkpoint'), '');
    }
    return { isTakenUp: await runtime.resume(), asked };
  }

  it('are asked for a linked session as one, by what is known of it or by its checkpoints', async () => {
    const linkedAt = new Date().toISOString();
    expect(await resume({ desired: 'on', state: 'linked', linkedAt })).toEqual({ isTakenUp: false, asked: [true] });
    expect(await resume({ desired: 'on', state: 'qr' })).toEqual({ isTakenUp: false, asked: [false] });
    // A click forgets the rest.
    expect(await resume({ desired: 'on', state: 'starting' }, true)).toEqual({ isTakenUp: false, asked: [true] });
  });

  it('are not taken by an attempt that failed and never was linked: nobody looks at its code', async () => {
    expect(await resume({ desired: 'on', state: 'failed' })).toEqual({ isTakenUp: true, asked: [] });
    expect(await resume({ desired: 'on', state: 'failed' }, true)).toEqual({ isTakenUp: false, asked: [true] });
  });
});
