import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, SecretBox } from '@top-active/aws';
import { openEnvelope, sealEnvelope } from '@top-active/core/crypto';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from './folder-store.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { copySessionFiles, writeSessionFiles } from './session-files.ts';
import { decodeSnapshot, encodeSnapshot, SnapshotError, takeSnapshot, type Snapshot } from './snapshot.ts';

const database = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';

/** Seals as the real one does, with a key of the test's own. */
function createBox(): SecretBox {
  const key = createSecretKey(randomBytes(32));
  const seal: SecretBox['seal'] = async (_purpose, context, plaintext) =>
    sealEnvelope({ key, context, plaintext: Buffer.from(plaintext) });
  return {
    seal,
    sealOnly: seal,
    open: async (_purpose, context, envelope) => openEnvelope({ key, context, envelope }),
    forget: async () => {},
    shred: async () => {},
  };
}

function ignore() {}

function createRecordingLog(): { log: Log; alarms: string[] } {
  const alarms: string[] = [];
  return { alarms, log: { debug: ignore, info: ignore, warn: ignore, error: (message) => alarms.push(message) } };
}

function makeSnapshot(batches: number): Snapshot {
  const files = [...makeDatabase({ batches })].map(([name, content]) => [`${database}/${name}`, content] as const);
  return {
    takenAt: new Date('2030-01-01T00:00:00.000Z'),
    chromiumVersion: '156.0.8078.79',
    files: new Map(files),
    localStorage: { me: `${batches}` },
  };
}

describe('folder of checkpoints', () => {
  let folder: string;
  const userId = randomUUID();
  const ours = () => join(folder, userId);

  function createStore(box = createBox()) {
    const recorded = createRecordingLog();
    return { ...recorded, box, store: createFolderStore({ folder, userId, secrets: box, log: recorded.log }) };
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back the newest and keeps three', async () => {
    const { store, alarms } = createStore();
    for (let batches = 1; batches <= 5; batches++) await store.save(makeSnapshot(batches));
    expect((await store.loadNewest())?.snapshot).toEqual(makeSnapshot(5));
    expect((await readdir(ours())).toSorted()).toEqual([
      '0000000003.checkpoint',
      '0000000004.checkpoint',
      '0000000005.checkpoint',
    ]);
    expect(alarms).toEqual([]);
  });

  it('gives back an older one on demand', async () => {
    const { store } = createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    expect(await store.loadNewest({ below: 3 })).toEqual({ generation: 2, snapshot: makeSnapshot(2) });
    expect(await store.loadNewest({ below: 1 })).toBeUndefined();
  });

  it('has nothing in the clear on disk', async () => {
    const { store } = createStore();
    await store.save(makeSnapshot(3));
    const file = await readFile(join(ours(), '0000000001.checkpoint'), 'latin1');
    expect(file).not.toContain('MANIFEST');
    expect(file).not.toContain('value 1');
  });

  it('skips a torn and a flipped one with an alarm each, and goes on numbering after them', async () => {
    const { store, alarms } = createStore();
    for (let batches = 1; batches <= 3; batches++) await store.save(makeSnapshot(batches));
    const third = join(ours(), '0000000003.checkpoint');
    await writeFile(third, (await readFile(third)).subarray(0, 100));
    const second = join(ours(), '0000000002.checkpoint');
    const flipped = await readFile(second);
    flipped.writeUInt8(flipped.readUInt8(200) ^ 1, 200);
    await writeFile(second, flipped);
    expect((await store.loadNewest())?.snapshot).toEqual(makeSnapshot(1));
    expect(alarms).toHaveLength(2);
    expect(await store.save(makeSnapshot(4))).toMatchObject({ generation: 4 });
    expect((await store.loadNewest())?.snapshot).toEqual(makeSnapshot(4));
  });

  it('refuses an older checkpoint under a newer name, and that of another user', async () => {
    const { store, alarms } = createStore();
    await store.save(makeSnapshot(1));
    await copyFile(join(ours(), '0000000001.checkpoint'), join(ours(), '0000000002.checkpoint'));
    const stranger = randomUUID();
    const theirs = createFolderStore({
      folder,
      userId: stranger,
      secrets: createBox(),
      log: createRecordingLog().log,
    });
    await theirs.save(makeSnapshot(7));
    await copyFile(join(folder, stranger, '0000000001.checkpoint'), join(ours(), '0000000003.checkpoint'));
    expect((await store.loadNewest())?.snapshot).toEqual(makeSnapshot(1));
    expect(alarms).toHaveLength(2);
  });

  it('refuses one whose database has a hole, although it is sealed as it should be', async () => {
    const { store, alarms } = createStore();
    await store.save(makeSnapshot(2));
    const holed = makeSnapshot(3);
    const files = new Map(holed.files);
    files.delete(`${database}/000003.log`);
    await store.save({ ...holed, files });
    expect((await store.loadNewest())?.snapshot).toEqual(makeSnapshot(2));
    expect(alarms).toHaveLength(1);
  });

  it("keeps quiet about the file, and fails, when the key can't be had just now", async () => {
    const { store, box, alarms } = createStore();
    await store.save(makeSnapshot(1));
    const unreachable: SecretBox = { ...box, open: () => Promise.reject(new Error('KMS does not answer')) };
    await expect(createStore(unreachable).store.loadNewest()).rejects.toThrow('KMS does not answer');
    expect(alarms).toEqual([]);
  });

  it('forgets everything when cleared', async () => {
    const { store } = createStore();
    await store.save(makeSnapshot(1));
    expect(await store.exists()).toBe(true);
    await store.clear();
    expect(await store.exists()).toBe(false);
    expect(await store.loadNewest()).toBeUndefined();
  });
});

describe('snapshot', () => {
  const anyFiles = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}\.blob$/), fc.uint8Array({ maxLength: 2000 }), {
    maxKeys: 5,
  });

  it('is decoded to what was encoded', () => {
    fc.assert(
      fc.property(anyFiles, fc.dictionary(fc.string(), fc.string()), (contents, localStorage) => {
        const files = new Map(
          Object.entries(contents).map(([name, bytes]) => [`Default/IndexedDB/${name}`, Buffer.from(bytes)]),
        );
        const snapshot: Snapshot = { ...makeSnapshot(1), files, localStorage };
        expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
      }),
    );
  });

  it('is refused in whatever shorter or longer form', () => {
    const archive = encodeSnapshot(makeSnapshot(3));
    for (let length = 0; length < archive.length; length++)
      expect(() => decodeSnapshot(archive.subarray(0, length))).toThrow(SnapshotError);
    expect(() => decodeSnapshot(Buffer.concat([archive, Buffer.from('x')]))).toThrow(SnapshotError);
  });

  it('never leads outside the profile', () => {
    for (const path of ['../x', '/etc/x', 'Default/IndexedDB/../../x', 'Default/Cookies', 'Default/IndexedDB/./x']) {
      const files = new Map([[path, Buffer.from('x')]]);
      expect(() => decodeSnapshot(encodeSnapshot({ ...makeSnapshot(1), files }))).toThrow(SnapshotError);
    }
  });

  it('is restored to a profile from which the same is taken', async () => {
    const profileDir = await mkdtemp(join(tmpdir(), 'profile-'));
    try {
      const snapshot = makeSnapshot(4);
      await writeSessionFiles(snapshot.files, profileDir);
      await mkdir(join(profileDir, 'Default/Cache'), { recursive: true });
      const { localStorage, chromiumVersion } = snapshot;
      const copySession = () => copySessionFiles(profileDir);
      const again = await takeSnapshot({ copySession, localStorage, chromiumVersion });
      expect(again?.files).toEqual(snapshot.files);
    } finally {
      await rm(profileDir, { recursive: true, force: true });
    }
  });

  it('is nothing where WhatsApp has stored nothing yet', async () => {
    const copySession = () => copySessionFiles('/nonexistent');
    expect(await takeSnapshot({ copySession, localStorage: {}, chromiumVersion: '1' })).toBeUndefined();
  });
});
