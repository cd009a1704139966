import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampsOf, type Stamps } from './copied-file.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { contentsOf, copySessionFiles, databaseFolder, writeSessionFiles, type SessionCopy } from './session-files.ts';

const blob = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob/1/00/5';

describe('copy of a session', () => {
  let profileDir: string;
  beforeEach(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'profile-'));
  });
  afterEach(async () => {
    await rm(profileDir, { recursive: true, force: true });
  });

  async function write(path: string, content: string, age: number): Promise<void> {
    const target = join(profileDir, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    const at = Date.now() / 1000 - age;
    await utimes(target, at, at);
  }

  async function copy(known?: Stamps): Promise<SessionCopy> {
    const copied = await copySessionFiles(profileDir, known);
    if (!copied) throw new Error('Nothing was copied');
    return copied;
  }

  const database = new Map(
    [...makeDatabase({ batches: 4 })].map(([name, content]) => [`${databaseFolder}/${name}`, content] as const),
  );

  it('is the same from a profile that was restored from it', async () => {
    await writeSessionFiles(database, profileDir);
    await mkdir(join(profileDir, 'Default/Cache'), { recursive: true });
    await write(blob, 'blob', 10);
    expect(contentsOf(await copy())).toEqual(new Map([[blob, Buffer.from('blob')], ...database]));
  });

  it('leaves out what is known, as long as it is the same', async () => {
    await writeSessionFiles(database, profileDir);
    await write(blob, 'one', 100);
    const stamps = stampsOf(await copy());
    expect([...stamps.keys()]).toEqual([blob]);
    expect((await copy(stamps)).get(blob)).toEqual({ size: 3, stamp: stamps.get(blob) });
    await write(blob, 'two', 50);
    expect((await copy(stamps)).get(blob)?.content?.toString()).toBe('two');
  });

  it('takes no file for known that has been written just now, since it may be written once more at the same time', async () => {
    await writeSessionFiles(database, profileDir);
    await write(blob, 'one', 0);
    expect((await copy()).get(blob)?.stamp).toBeUndefined();
  });

  it('is nothing where WhatsApp has stored nothing yet', async () => {
    expect(await copySessionFiles('/nonexistent')).toBeUndefined();
  });
});
