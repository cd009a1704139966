import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from './checkpoint-store.ts';
import { createTestPointer } from './test-stores.ts';
import {
  createRecordingLog,
  database,
  cut,
  flip,
  makeSnapshot,
  openTestFolder,
  whole,
  type TestFolder,
} from './test-folder.ts';

describe('store of checkpoints', () => {
  let test: TestFolder;

  beforeEach(async () => {
    test = await openTestFolder();
  });
  afterEach(() => test.close());

  it('skips a cut and an altered one with an alarm each, and goes on numbering after them', async () => {
    const { store, pointer } = test.createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    const [, second = '', third = ''] = await test.fileNames();
    await test.damage(third, cut);
    await test.damage(second, flip);
    const later = test.createStore({ pointer, epoch: 2 });
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
    const { store, pointer } = test.createStore({ epoch: 1 });
    await store.save(makeSnapshot(1));
    await store.save(makeSnapshot(2));
    const second = test.createStore({ epoch: 2, pointer });
    await second.store.save(makeSnapshot(3));
    await second.store.save(makeSnapshot(4));
    await test.damage((await test.fileNames()).at(-2) ?? '', flip);
    const third = test.createStore({ epoch: 3, pointer });
    expect((await third.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    await third.store.save(makeSnapshot(5));
    expect((await third.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(5)));
  });

  it('saves everything anew when a pack that it needs has gone or was cut while it ran', async () => {
    let time = 0;
    const { store, alarms, pointer } = test.createStore({ now: () => time });
    await store.save(makeSnapshot(1));
    await test.damage((await test.fileNames())[0] ?? '', cut);
    time += 61_000;
    expect([...(await store.held())]).toEqual([]);
    expect(alarms).toHaveLength(1);
    await store.save(makeSnapshot(2));
    expect((await test.createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
  });

  it('opens what it saved or nothing, whatever happens to whatever file', async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1, []));
    const second = test.createStore({ epoch: 2, pointer }).store;
    for (let batches = 2; batches <= 5; batches++) await second.save(makeSnapshot(batches, []));
    const saved = Array.from({ length: 5 }, (_, i) => whole(makeSnapshot(i + 1, [])));
    const names = await test.fileNames();
    const contents = await Promise.all(names.map((name) => readFile(join(test.ours(), name))));
    const anyDamage = fc.record({ file: fc.nat(names.length - 1), at: fc.double({ min: 0, max: 0.999, noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyDamage, { minLength: 1, maxLength: 3 }), fc.boolean(), async (damages, isCut) => {
        for (const { file, at } of damages) {
          const content = Buffer.from(contents[file] ?? '');
          const offset = Math.floor(at * content.length);
          content.writeUInt8(content.readUInt8(offset) ^ 16, offset);
          await writeFile(join(test.ours(), names[file] ?? ''), isCut ? content.subarray(0, offset) : content);
        }
        const later = test.createStore({ epoch: 2, pointer });
        const loaded = await later.store.loadNewest();
        const isOneFile = new Set(damages.map(({ file }) => file)).size === 1;
        expect({
          snapshot: loaded?.snapshot,
          isTold: loaded?.generation === saved.length || later.alarms.length > 0,
          // One damaged file alone never costs the session.
          isLost: isOneFile && !loaded,
        }).toEqual({ snapshot: loaded && saved[loaded.generation - 1], isTold: true, isLost: false });
        for (const [i, name] of names.entries()) await writeFile(join(test.ours(), name), contents[i] ?? '');
      }),
      { numRuns: 60 },
    );
  });

  it('refuses an older checkpoint under a newer name', async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1));
    const [first = ''] = await test.fileNames();
    await copyFile(join(test.ours(), first), join(test.ours(), '0000000001-0000000001-0000000002.checkpoint'));
    const later = test.createStore({ pointer });
    expect((await later.store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(1)));
    expect(later.alarms).toEqual(['ALARM: a checkpoint is damaged and was skipped']);
  });

  it("refuses another user's, even were it sealed under the same key and had the same name", async () => {
    const { store, pointer, alarms } = test.createStore();
    const stranger = randomUUID();
    const { log } = createRecordingLog();
    const pointerOf = createTestPointer();
    const options = {
      folder: test.folder,
      userId: stranger,
      epoch: 1,
      secrets: test.box,
      pointer: pointerOf,
      chromiumVersion: '1',
      log,
    };
    await createCheckpointStore(options).save(makeSnapshot(7));
    await rename(join(test.folder, stranger), test.ours());
    expect(await store.loadNewest()).toBeUndefined();
    expect(alarms).toEqual(['ALARM: a checkpoint is damaged and was skipped']);
    await store.save(makeSnapshot(1));
    expect((await test.createStore({ pointer }).store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(1)));
  });

  it('tells that a disk was put back to an earlier state', async () => {
    const { store, pointer } = test.createStore();
    await store.save(makeSnapshot(1));
    const earlier = `${test.folder}-earlier`;
    await store.save(makeSnapshot(2));
    const [first = '', second = ''] = await test.fileNames();
    await rename(join(test.ours(), second), earlier);
    const later = test.createStore({ pointer });
    expect((await later.store.loadNewest())?.generation).toBe(1);
    expect(later.alarms).toEqual(['ALARM: an older checkpoint than the newest is used']);
    await rm(join(test.ours(), first));
    expect(await later.store.loadNewest()).toBeUndefined();
    expect(later.alarms.at(-1)).toBe('ALARM: no checkpoint of a session can be opened');
    await rm(earlier);
  });

  it('refuses one whose database has a hole, although it is sealed as it should be', async () => {
    const { store, alarms } = test.createStore();
    await store.save(makeSnapshot(2));
    const holed = makeSnapshot(3);
    const files = new Map(holed.files);
    files.delete(`${database}/000003.log`);
    await store.save({ ...holed, files });
    expect((await store.loadNewest())?.snapshot).toEqual(whole(makeSnapshot(2)));
    expect(alarms[0]).toBe('ALARM: a checkpoint is damaged and was skipped');
  });
});
