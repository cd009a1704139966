import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FencedError } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCheckpointStore, type CheckpointStore } from './checkpoint-store.ts';
import { createCheckpointer } from './checkpointer.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { asCopy, databaseFolder } from './session-files.ts';
import { createTestBox, createTestPointer } from './test-stores.ts';

const interval = 100;

function ignore() {}

describe('checkpointer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpointer-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** A profile that grows by a batch with each copy. */
  function start(refine: (store: CheckpointStore) => Partial<CheckpointStore> = () => ({})) {
    const secrets = createTestBox(createSecretKey(randomBytes(32)));
    const errors: string[] = [];
    const log = { debug: ignore, info: ignore, warn: ignore, error: (message: string) => errors.push(message) };
    const pointer = createTestPointer();
    const real = createCheckpointStore({
      folder,
      userId: randomUUID(),
      epoch: 1,
      secrets,
      pointer,
      chromiumVersion: '156.0.8078.79',
      log,
    });
    const page = { localStorage: vi.fn<() => Promise<Record<string, string>>>(async () => ({ me: 'page' })) };
    const profile = { batches: 0, isDamaged: false };
    const savedAt: number[] = [];
    const onFenced = vi.fn<() => void>();
    const checkpointer = createCheckpointer({
      store: { ...real, ...refine(real) },
      async copySession() {
        profile.batches++;
        const files = makeDatabase({ batches: profile.batches });
        if (profile.isDamaged) files.delete('000003.log');
        return asCopy(new Map([...files].map(([name, content]) => [`${databaseFolder}/${name}`, content])));
      },
      chromiumVersion: '1',
      readLocalStorage: page.localStorage,
      localStorage: { me: 'restored' },
      minIntervalMs: interval,
      log,
      onSaved: () => savedAt.push(performance.now()),
      onFenced,
    });
    const loaded = async () => (await real.loadNewest())?.snapshot;
    return { checkpointer, page, profile, errors, savedAt, onFenced, loaded };
  }

  it('saves at once, and then as often as it may while something changes', async () => {
    const { checkpointer, savedAt, loaded } = start();
    const asking = setInterval(() => checkpointer.request(), 5);
    await vi.waitUntil(() => savedAt.length >= 4, 5_000);
    clearInterval(asking);
    await checkpointer.close();
    const pauses = savedAt.slice(1).map((at, i) => at - (savedAt[i] ?? 0));
    // A timer may come a millisecond early.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(interval - 2);
    expect((await loaded())?.localStorage).toEqual({ me: 'page' });
  });

  it('tries a failed save again without being asked', async () => {
    let failures = 2;
    const { checkpointer, savedAt, errors } = start((store) => ({
      save: (snapshot) => (failures-- > 0 ? Promise.reject(new Error('The disk is full')) : store.save(snapshot)),
    }));
    checkpointer.request();
    await vi.waitUntil(() => savedAt.length === 1, 5_000);
    await checkpointer.close();
    expect(errors).toEqual(['No checkpoint could be saved', 'No checkpoint could be saved']);
  });

  it('keeps what Local Storage was when the page does not tell', async () => {
    const { checkpointer, page, savedAt, loaded } = start();
    page.localStorage.mockRejectedValue(new Error('The page is gone'));
    checkpointer.request();
    await vi.waitUntil(() => savedAt.length === 1, 5_000);
    await checkpointer.close();
    expect((await loaded())?.localStorage).toEqual({ me: 'restored' });
  });

  it('saves what a dead browser has left, without asking its page, and tries again when that fails', async () => {
    let failures = 1;
    const { checkpointer, page, profile, loaded } = start((store) => ({
      save: (snapshot) => (failures-- > 0 ? Promise.reject(new Error('Stalled')) : store.save(snapshot)),
    }));
    await checkpointer.saveFinal();
    expect(page.localStorage).not.toHaveBeenCalled();
    expect((await loaded())?.files.get(`${databaseFolder}/000003.log`)).toEqual(
      makeDatabase({ batches: profile.batches }).get('000003.log'),
    );
  });

  it('saves nothing of a profile that the validator finds damaged', async () => {
    const { checkpointer, profile, savedAt, errors, loaded } = start();
    checkpointer.request();
    await vi.waitUntil(() => savedAt.length === 1, 5_000);
    const before = await loaded();
    profile.isDamaged = true;
    await checkpointer.saveFinal();
    expect(errors).toContain('No checkpoint could be saved');
    expect(await loaded()).toEqual(before);
  });

  it('stops when another host has the user', async () => {
    const save = vi.fn<CheckpointStore['save']>(() => Promise.reject(new FencedError('Another')));
    const { checkpointer, onFenced } = start(() => ({ save }));
    checkpointer.request();
    await vi.waitUntil(() => onFenced.mock.calls.length === 1, 5_000);
    checkpointer.request();
    await checkpointer.close();
    expect(save).toHaveBeenCalledOnce();
  });

  it('does not try the last save again when another host has the user', async () => {
    const save = vi.fn<CheckpointStore['save']>(() => Promise.reject(new FencedError('Another')));
    await start(() => ({ save })).checkpointer.saveFinal();
    expect(save).toHaveBeenCalledOnce();
  });
});
