import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FencedError, type Log, type SecretBox } from '@top-active/aws';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from './checkpoint-store.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { NewerBrowserError } from './newer-browser.ts';
import { asCopy, contentsOf } from './session-files.ts';
import type { Snapshot, TakenSnapshot } from './snapshot.ts';
import { createTestBox, createTestPointer } from './test-stores.ts';

const database = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const blob = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob/1/00/1';
const bigBlob = randomBytes(300_000);
const hour = 3_600_000;
const ours156 = '156.0.8078.79';

function ignore() {}

function createRecordingLog(): { log: Log; alarms: string[] } {
  const alarms: string[] = [];
  return { alarms, log: { debug: ignore, info: ignore, warn: ignore, error: (message) => alarms.push(message) } };
}

function makeSnapshot(batches: number, more: [string, Buffer][] = [[blob, bigBlob]]): TakenSnapshot {
  const files = [...makeDatabase({ batches })].map(([name, content]) => [`${database}/${name}`, content] as const);
  return {
    takenAt: new Date('2030-01-01T00:00:00.000Z'),
    chromiumVersion: ours156,
    files: asCopy(new Map([...files, ...more])),
    localStorage: { me: `${batches}` },
  };
}

function whole({ files, ...rest }: TakenSnapshot): Snapshot {
  return { ...rest, files: contentsOf(files) };
}

/** As a copy is whose files are known but for the logs. */
function withoutContents(snapshot: TakenSnapshot, held: ReadonlySet<string>): TakenSnapshot {
  const files = [...snapshot.files].map(
    ([path, file]) => [path, held.has(path) && path === blob ? { size: file.size, stamp: '1' } : file] as const,
  );
  return { ...snapshot, files: new Map(files) };
}

describe('store of checkpoints', () => {
  let folder: string;
  const userId = randomUUID();
  const ours = () => join(folder, userId);
  const box = createTestBox(createSecretKey(randomBytes(32)));

  function createStore({
    epoch = 1,
    pointer = createTestPointer(),
    secrets = box,
    chromiumVersion = ours156,
    now = Date.now,
  } = {}) {
    const { log, alarms } = createRecordingLog();
    const store = createCheckpointStore({ folder, userId, epoch, secrets, pointer, chromiumVersion, log, now });
    return { log, alarms, pointer, store };
  }

  /** Newest last. */
  async function fileNames(): Promise<string[]> {
    return (await readdir(ours())).toSorted();
  }

  async function damage(name: string, change: (content: Buffer) => Buffer): Promise<void> {
    await writeFile(join(ours(), name), change(await readFile(join(ours(), name))));
  }

  const cut = (content: Buffer) => content.subarray(0, content.length / 2);
  const flip = (content: Buffer) => {
    const at = Math.floor(content.length / 3);
    content.writeUInt8(content.readUInt8(at) ^ 1, at);
    return content;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back the newest, of which it wrote only what had changed', async () => {
    const { store, alarms, pointer } = createStore();
    const first = await store.save(makeSnapshot(10));
    expect(first.bytes).toBeGreaterThan(300_000);
    for (let batches = 11; batches <= 30; batches++) {
      const { bytes } = await store.save(withoutContents(makeSnapshot(batches), await store.held()));
      expect(bytes).toBeLessThan(2_000);
    }
    expect((await store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(30)));
    expect((await createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(30)));
    expect(pointer.at).toEqual({ epoch: 1, generation: 21, takenAt: '2030-01-01T00:00:00.000Z' });
    expect(alarms).toEqual([]);
  });

  it('writes nothing when nothing has changed', async () => {
    const { store } = createStore();
    await store.save(makeSnapshot(3));
    expect(await store.save(makeSnapshot(3))).toEqual({ generation: 1, bytes: 0 });
    expect(await fileNames()).toHaveLength(1);
  });

  it('can go back by three, and by all packs that these need', async () => {
    const { store, pointer } = createStore();
    for (let batches = 1; batches <= 40; batches++) await store.save(makeSnapshot(batches));
    for (const generation of [40, 39, 38]) {
      const loaded = await createStore({ pointer }).store.loadNewest({ below: generation + 1 });
      expect(loaded).toEqual({ generation, snapshot: whole(makeSnapshot(generation)) });
    }
    expect(await store.loadNewest({ below: 38 })).toBeUndefined();
    // Not forty.
    expect((await fileNames()).length).toBeLessThan(15);
  });

  it('writes again what lives in a pack of which most is dead, and removes the pack', async () => {
    const { store } = createStore();
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
    const names = await fileNames();
    expect(names.some((name) => name.endsWith('-0000000001.checkpoint'))).toBe(false);
    const stored = (await Promise.all(names.map((name) => readFile(join(ours(), name))))).map(({ length }) => length);
    expect(stored.reduce((a, b) => a + b)).toBeLessThan(bytes / 2);
  });

  it('has nothing in the clear on disk', async () => {
    const { store } = createStore();
    await store.save(makeSnapshot(3));
    const file = await readFile(join(ours(), (await fileNames())[0] ?? ''), 'latin1');
    expect(file).not.toContain('MANIFEST');
    expect(file).not.toContain('value 1');
  });

  it('skips a cut and an altered one with an alarm each, and goes on numbering after them', async () => {
    const { store, pointer } = createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    const [, second = '', third = ''] = await fileNames();
    await damage(third, cut);
    await damage(second, flip);
    const later = createStore({ pointer, epoch: 2 });
    expect((await later.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(1)));
    expect(later.alarms).toEqual([
      'ALARM: a checkpoint is damaged and was skipped',
      'ALARM: a checkpoint is damaged and was skipped',
      'ALARM: an older checkpoint than the newest is used',
    ]);
    expect(await later.store.save(makeSnapshot(4))).toMatchObject({ generation: 4 });
    expect((await later.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(4)));
  });

  it('falls back to the chain before when the pack that all of a chain need is damaged', async () => {
    const { store, pointer } = createStore({ epoch: 1 });
    await store.save(makeSnapshot(1));
    await store.save(makeSnapshot(2));
    const second = createStore({ epoch: 2, pointer });
    await second.store.save(makeSnapshot(3));
    await second.store.save(makeSnapshot(4));
    await damage((await fileNames()).at(-2) ?? '', flip);
    const third = createStore({ epoch: 3, pointer });
    expect((await third.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    await third.store.save(makeSnapshot(5));
    expect((await third.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(5)));
  });

  it('saves everything anew when a pack that it needs has gone or was cut while it ran', async () => {
    let time = 0;
    const { store, alarms, pointer } = createStore({ now: () => time });
    await store.save(makeSnapshot(1));
    await damage((await fileNames())[0] ?? '', cut);
    time += 61_000;
    expect([...(await store.held())]).toEqual([]);
    expect(alarms).toHaveLength(1);
    await store.save(makeSnapshot(2));
    expect((await createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
  });

  it('opens what it saved or nothing, whatever happens to whatever file', async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1, []));
    const second = createStore({ epoch: 2, pointer }).store;
    for (let batches = 2; batches <= 5; batches++) await second.save(makeSnapshot(batches, []));
    const saved = Array.from({ length: 5 }, (_, i) => whole(makeSnapshot(i + 1, [])));
    const names = await fileNames();
    const contents = await Promise.all(names.map((name) => readFile(join(ours(), name))));
    const anyDamage = fc.record({ file: fc.nat(names.length - 1), at: fc.double({ min: 0, max: 0.999, noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyDamage, { minLength: 1, maxLength: 3 }), fc.boolean(), async (damages, isCut) => {
        for (const { file, at } of damages) {
          const content = Buffer.from(contents[file] ?? '');
          const offset = Math.floor(at * content.length);
          content.writeUInt8(content.readUInt8(offset) ^ 16, offset);
          await writeFile(join(ours(), names[file] ?? ''), isCut ? content.subarray(0, offset) : content);
        }
        const later = createStore({ epoch: 2, pointer });
        const loaded = await later.store.loadNewest();
        const isOneFile = new Set(damages.map(({ file }) => file)).size === 1;
        expect({
          snapshot: loaded?.snapshot,
          isTold: loaded?.generation === saved.length || later.alarms.length > 0,
          // One damaged file alone never costs the session.
          isLost: isOneFile && !loaded,
        }).toEqual({ snapshot: loaded && saved[loaded.generation - 1], isTold: true, isLost: false });
        for (const [i, name] of names.entries()) await writeFile(join(ours(), name), contents[i] ?? '');
      }),
      { numRuns: 60 },
    );
  });

  it('begins a new chain after a day, keeps the one before, and removes the rest', async () => {
    let time = 0;
    const { store } = createStore({ now: () => time });
    for (let batches = 1; batches <= 3; batches++, time += 25 * hour) {
      await store.held();
      expect((await store.save(makeSnapshot(batches))).bytes).toBeGreaterThan(300_000);
    }
    expect(await fileNames()).toEqual([
      '0000000001-0000000002-0000000002.checkpoint',
      '0000000001-0000000003-0000000003.checkpoint',
    ]);
  });

  it('refuses an older checkpoint under a newer name', async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1));
    const [first = ''] = await fileNames();
    await copyFile(join(ours(), first), join(ours(), '0000000001-0000000001-0000000002.checkpoint'));
    const later = createStore({ pointer });
    expect((await later.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(1)));
    expect(later.alarms).toEqual(['ALARM: a checkpoint is damaged and was skipped']);
  });

  it("refuses another user's, even were it sealed under the same key and had the same name", async () => {
    const { store, pointer, alarms } = createStore();
    const stranger = randomUUID();
    const { log } = createRecordingLog();
    const pointerOf = createTestPointer();
    const options = { folder, userId: stranger, epoch: 1, secrets: box, pointer: pointerOf, chromiumVersion: '1', log };
    await createCheckpointStore(options).save(makeSnapshot(7));
    await rename(join(folder, stranger), ours());
    expect(await store.loadNewest()).toBeUndefined();
    expect(alarms).toEqual(['ALARM: a checkpoint is damaged and was skipped']);
    await store.save(makeSnapshot(1));
    expect((await createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(1)));
  });

  it('tells that a disk was put back to an earlier state', async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1));
    const earlier = `${folder}-earlier`;
    await store.save(makeSnapshot(2));
    const [first = '', second = ''] = await fileNames();
    await rename(join(ours(), second), earlier);
    const later = createStore({ pointer });
    expect((await later.store.loadNewest())?.generation).toBe(1);
    expect(later.alarms).toEqual(['ALARM: an older checkpoint than the newest is used']);
    await rm(join(ours(), first));
    expect(await later.store.loadNewest()).toBeUndefined();
    expect(later.alarms.at(-1)).toBe('ALARM: no checkpoint of a session can be opened');
    await rm(earlier);
  });

  it('refuses one whose database has a hole, although it is sealed as it should be', async () => {
    const { store, alarms } = createStore();
    await store.save(makeSnapshot(2));
    const holed = makeSnapshot(3);
    const files = new Map(holed.files);
    files.delete(`${database}/000003.log`);
    await store.save({ ...holed, files });
    expect((await store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    expect(alarms[0]).toBe('ALARM: a checkpoint is damaged and was skipped');
  });

  it("keeps quiet about the file, and fails, when the key can't be had just now", async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1));
    const unreachable: SecretBox = { ...box, open: () => Promise.reject(new Error('KMS does not answer')) };
    const later = createStore({ pointer, secrets: unreachable });
    await expect(later.store.loadNewest()).rejects.toThrow('KMS does not answer');
    expect(later.alarms).toEqual([]);
  });

  it('saves when the pointer is out of reach, and finds what it saved by its name', async () => {
    const pointer = createTestPointer();
    const { store, alarms } = createStore({
      pointer: { ...pointer, move: () => Promise.reject(new Error('cut off')) },
    });
    await store.save(makeSnapshot(1));
    await store.save(makeSnapshot(2));
    expect((await createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    expect(alarms).toEqual([]);
  });

  it('lets a host whose term is over neither move the pointer nor take anything from the new one', async () => {
    const pointer = createTestPointer();
    const old = createStore({ epoch: 5, pointer }).store;
    await old.save(makeSnapshot(1));
    await old.save(makeSnapshot(2));
    // The new host has loaded, and has not saved yet: what it needs stays.
    const young = createStore({ epoch: 6, pointer }).store;
    expect((await young.loadNewest())?.generation).toBe(2);
    await expect(old.save(makeSnapshot(3))).rejects.toThrow(FencedError);
    await young.save(makeSnapshot(4));
    const before = await fileNames();
    await expect(old.save(makeSnapshot(5))).rejects.toThrow(FencedError);
    await expect(old.clear()).rejects.toThrow(FencedError);
    expect(await fileNames()).toEqual(before);
    expect((await young.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(4)));
  });

  it('leaves nothing half written behind, of itself and of writers before it', async () => {
    const { store } = createStore();
    await store.save(makeSnapshot(1));
    await writeFile(join(ours(), '.draft-of-a-dead-one'), 'x');
    const later = createStore({ epoch: 2 });
    await later.store.save(makeSnapshot(2));
    expect((await fileNames()).every((name) => name.endsWith('.checkpoint'))).toBe(true);
  });

  it('forgets everything when cleared, also what turns up again', async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1));
    const [name = ''] = await fileNames();
    const backup = await readFile(join(ours(), name));
    expect(await store.exists()).toBe(true);
    await store.clear();
    expect(await store.exists()).toBe(false);
    expect(await store.loadNewest()).toBeUndefined();
    await store.save(makeSnapshot(2));
    expect((await store.loadNewest())?.generation).toBe(2);
    await store.clear();
    await store.clear();
    await createStore({ pointer: createTestPointer() }).store.save(makeSnapshot(3));
    await writeFile(join(ours(), name), backup);
    const later = createStore({ pointer });
    expect(await later.store.loadNewest()).toBeUndefined();
    expect(later.alarms).toEqual(['ALARM: checkpoints of a session that was unlinked are there again']);
  });

  it('keeps what was there before until the first checkpoint of a new link is stored, and then opens nothing of it again', async () => {
    const { store, pointer } = createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    const [first = ''] = await fileNames();
    const backup = await readFile(join(ours(), first));
    store.beginLink();
    expect(await store.loadNewest()).toBeUndefined();
    expect(await store.exists()).toBe(false);
    store.endAttempt();
    expect((await store.loadNewest())?.generation).toBe(3);
    store.beginLink();
    await store.save(makeSnapshot(4));
    expect(await fileNames()).toEqual(['0000000001-0000000004-0000000004.checkpoint']);
    await writeFile(join(ours(), first), backup);
    const second = createStore({ pointer, epoch: 2 });
    expect((await second.store.loadNewest())?.generation).toBe(4);
    expect(await second.store.loadNewest({ below: 4 })).toBeUndefined();
    await second.store.save(makeSnapshot(5));
    await writeFile(join(ours(), first), backup);
    const third = createStore({ pointer, epoch: 3 });
    expect(await third.store.loadNewest({ below: 4 })).toBeUndefined();
    expect(third.alarms).toEqual(['ALARM: checkpoints of a session that was unlinked are there again']);
  });

  it('opens nothing of a newer Chromium, nor anything older instead, and leaves all for a host that has it', async () => {
    const { store, pointer } = createStore();
    await store.save(makeSnapshot(1));
    const newer = createStore({ pointer, epoch: 2, chromiumVersion: '157.0.1.1' });
    await newer.store.save({ ...makeSnapshot(2), chromiumVersion: '157.0.1.1' });
    const before = await fileNames();
    const older = createStore({ pointer, epoch: 3, chromiumVersion: '156.9.9.9' });
    await expect(older.store.loadNewest()).rejects.toThrow(NewerBrowserError);
    expect(older.alarms).toEqual(['ALARM: a checkpoint is of a newer browser, and waits for a host that has it']);
    expect(await fileNames()).toEqual(before);
    const later = createStore({ pointer, epoch: 4, chromiumVersion: '157.0.0.9' });
    expect((await later.store.loadNewest())?.generation).toBe(2);
  });
});
