import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FencedError, type SecretBox } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NewerBrowserError } from './newer-browser.ts';
import type { TakenSnapshot } from './snapshot.ts';
import { createTestPointer } from './test-stores.ts';
import { blob, makeSnapshot, openTestFolder, whole, type TestFolder } from './test-folder.ts';

const hour = 3_600_000;

/** As a copy is whose files are known but for the logs. */
function withoutContents(snapshot: TakenSnapshot, held: ReadonlySet<string>): TakenSnapshot {
  const files = [...snapshot.files].map(
    ([path, file]) => [path, held.has(path) && path === blob ? { size: file.size, stamp: '1' } : file] as const,
  );
  return { ...snapshot, files: new Map(files) };
}

describe('store of checkpoints', () => {
  let test: TestFolder;

  beforeEach(async () => {
    test = await openTestFolder();
  });
  afterEach(() => test.close());

  it('gives back the newest, of which it wrote only what had changed', async () => {
    const { store, alarms, pointer } = test.createStore();
    const first = await store.save(makeSnapshot(10));
    expect(first.bytes).toBeGreaterThan(300_000);
    for (let batches = 11; batches <= 30; batches++) {
      const { bytes } = await store.save(withoutContents(makeSnapshot(batches), await store.held()));
      expect(bytes).toBeLessThan(2_000);
    }
    expect((await store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(30)));
    expect((await test.createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(30)));
    expect(pointer.at).toEqual({ epoch: 1, generation: 21, takenAt: '2030-01-01T00:00:00.000Z' });
    expect(alarms).toEqual([]);
  });

  it('writes nothing when nothing has changed', async () => {
    const { store } = test.createStore();
    await store.save(makeSnapshot(3));
    expect(await store.save(makeSnapshot(3))).toEqual({ generation: 1, bytes: 0 });
    expect(await test.fileNames()).toHaveLength(1);
  });

  it('can go back by three, and by all packs that these need', async () => {
    const { store, pointer } = test.createStore();
    for (let batches = 1; batches <= 40; batches++) await store.save(makeSnapshot(batches));
    for (const generation of [40, 39, 38]) {
      const loaded = await test.createStore({ pointer }).store.loadNewest({ below: generation + 1 });
      expect(loaded).toEqual({ generation, snapshot: whole(makeSnapshot(generation)) });
    }
    expect(await store.loadNewest({ below: 38 })).toBeUndefined();
    // Not forty.
    expect((await test.fileNames()).length).toBeLessThan(15);
  });

  it('writes again what lives in a pack of which most is dead, and removes the pack', async () => {
    const { store } = test.createStore();
    const [dying, living] = [randomBytes(400_000), randomBytes(100_000)];
    const other = `${blob}0`;
    const { bytes } = await store.save(
      makeSnapshot(1, [
        [blob, dying],
        [other, living],
      ]),
    );
    for (let batches = 2; batches <= 8; batches++) await store.save(makeSnapshot(batches, [[other, living]]));
    expect((await store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(8, [[other, living]])));
    const names = await test.fileNames();
    expect(names.some((name) => name.endsWith('-0000000001.checkpoint'))).toBe(false);
    const stored = (await Promise.all(names.map((name) => readFile(join(test.ours(), name))))).map(
      ({ length }) => length,
    );
    expect(stored.reduce((a, b) => a + b)).toBeLessThan(bytes / 2);
  });

  it('has nothing in the clear on disk', async () => {
    const { store } = test.createStore();
    await store.save(makeSnapshot(3));
    const file = await readFile(join(test.ours(), (await test.fileNames())[0] ?? ''), 'latin1');
    expect(file).not.toContain('MANIFEST');
    expect(file).not.toContain('value 1');
  });

  it('begins a new chain after a day, keeps the one before, and removes the rest', async () => {
    let time = 0;
    const { store } = test.createStore({ now: () => time });
    for (let batches = 1; batches <= 3; batches++, time += 25 * hour) {
      await store.held();
      expect((await store.save(makeSnapshot(batches))).bytes).toBeGreaterThan(300_000);
    }
    expect(await test.fileNames()).toEqual([
      '0000000001-0000000002-0000000002.checkpoint',
      '0000000001-0000000003-0000000003.checkpoint',
    ]);
  });

  it("keeps quiet about the file, and fails, when the key can't be had just now", async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1));
    const unreachable: SecretBox = { ...test.box, open: () => Promise.reject(new Error('KMS does not answer')) };
    const later = test.createStore({ pointer, secrets: unreachable });
    await expect(later.store.loadNewest()).rejects.toThrow('KMS does not answer');
    expect(later.alarms).toEqual([]);
  });

  it('saves when the pointer is out of reach, and finds what it saved by its name', async () => {
    const pointer = createTestPointer();
    const { store, alarms } = test.createStore({
      pointer: { ...pointer, move: () => Promise.reject(new Error('cut off')) },
    });
    await store.save(makeSnapshot(1));
    await store.save(makeSnapshot(2));
    expect((await test.createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    expect(alarms).toEqual([]);
  });

  it('lets a host whose term is over neither move the pointer nor take anything from the new one', async () => {
    const pointer = createTestPointer();
    const old = test.createStore({ epoch: 5, pointer }).store;
    await old.save(makeSnapshot(1));
    await old.save(makeSnapshot(2));
    // The new host has loaded, and has not saved yet: what it needs stays.
    const young = test.createStore({ epoch: 6, pointer }).store;
    expect((await young.loadNewest())?.generation).toBe(2);
    await expect(old.save(makeSnapshot(3))).rejects.toThrow(FencedError);
    await young.save(makeSnapshot(4));
    const before = await test.fileNames();
    await expect(old.save(makeSnapshot(5))).rejects.toThrow(FencedError);
    await expect(old.clear()).rejects.toThrow(FencedError);
    expect(await test.fileNames()).toEqual(before);
    expect((await young.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(4)));
  });

  it('leaves nothing half written behind, of itself and of writers before it', async () => {
    const { store } = test.createStore();
    await store.save(makeSnapshot(1));
    await writeFile(join(test.ours(), '.draft-of-a-dead-one'), 'x');
    const later = test.createStore({ epoch: 2 });
    await later.store.save(makeSnapshot(2));
    expect((await test.fileNames()).every((name) => name.endsWith('.checkpoint'))).toBe(true);
  });

  it('forgets everything when cleared, also what turns up again', async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1));
    const [name = ''] = await test.fileNames();
    const backup = await readFile(join(test.ours(), name));
    expect(await store.exists()).toBe(true);
    await store.clear();
    expect(await store.exists()).toBe(false);
    expect(await store.loadNewest()).toBeUndefined();
    await store.save(makeSnapshot(2));
    expect((await store.loadNewest())?.generation).toBe(2);
    await store.clear();
    await store.clear();
    await test.createStore({ pointer: createTestPointer() }).store.save(makeSnapshot(3));
    await writeFile(join(test.ours(), name), backup);
    const later = test.createStore({ pointer });
    expect(await later.store.loadNewest()).toBeUndefined();
    expect(later.alarms).toEqual(['ALARM: checkpoints of a session that was unlinked are there again']);
  });

  it('keeps what was there before until the first checkpoint of a new link is stored, and then opens nothing of it again', async () => {
    const { store, pointer } = test.createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    const [first = ''] = await test.fileNames();
    const backup = await readFile(join(test.ours(), first));
    store.beginLink();
    expect(await store.loadNewest()).toBeUndefined();
    expect(await store.exists()).toBe(false);
    store.endAttempt();
    expect((await store.loadNewest())?.generation).toBe(3);
    store.beginLink();
    await store.save(makeSnapshot(4));
    expect(await test.fileNames()).toEqual(['0000000001-0000000004-0000000004.checkpoint']);
    await writeFile(join(test.ours(), first), backup);
    const second = test.createStore({ pointer, epoch: 2 });
    expect((await second.store.loadNewest())?.generation).toBe(4);
    expect(await second.store.loadNewest({ below: 4 })).toBeUndefined();
    await second.store.save(makeSnapshot(5));
    await writeFile(join(test.ours(), first), backup);
    const third = test.createStore({ pointer, epoch: 3 });
    expect(await third.store.loadNewest({ below: 4 })).toBeUndefined();
    expect(third.alarms).toEqual(['ALARM: checkpoints of a session that was unlinked are there again']);
  });

  it('opens nothing of a newer Chromium, nor anything older instead, and leaves all for a host that has it', async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1));
    const newer = test.createStore({ pointer, epoch: 2, chromiumVersion: '157.0.1.1' });
    await newer.store.save({ ...makeSnapshot(2), chromiumVersion: '157.0.1.1' });
    const before = await test.fileNames();
    const older = test.createStore({ pointer, epoch: 3, chromiumVersion: '156.9.9.9' });
    await expect(older.store.loadNewest()).rejects.toThrow(NewerBrowserError);
    expect(older.alarms).toEqual(['ALARM: a checkpoint is of a newer browser, and waits for a host that has it']);
    expect(await test.fileNames()).toEqual(before);
    const later = test.createStore({ pointer, epoch: 4, chromiumVersion: '157.0.0.9' });
    expect((await later.store.loadNewest())?.generation).toBe(2);
  });
});
