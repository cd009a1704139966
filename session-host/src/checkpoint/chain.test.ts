import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChain } from './chain.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { decodePack, encodePack, type Pack } from './pack.ts';
import { makeDatabase } from './leveldb/test-database.ts';
import { databaseFolder } from './session-files.ts';
import { SnapshotError, type TakenSnapshot } from './snapshot.ts';

/** What may happen to a file between two checkpoints. */
type Change = { file: number } & ({ kind: 'write' | 'append'; bytes: Uint8Array } | { kind: 'delete' });

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 60_000, size: 'max' });
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ file: fc.nat(5), kind: fc.constant('write' as const), bytes: anyBytes }),
  fc.record({ file: fc.nat(5), kind: fc.constant('append' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ file: fc.nat(5), kind: fc.constant('delete' as const) }),
);

function apply(files: Map<string, Buffer>, change: Change): void {
  const path = `Default/IndexedDB/${change.file}.blob`;
  if (change.kind === 'delete') files.delete(path);
  else
    files.set(
      path,
      Buffer.concat([...(change.kind === 'append' ? [files.get(path) ?? Buffer.alloc(0)] : []), change.bytes]),
    );
}

describe('chain of checkpoints', () => {
  it('restores each kept generation exactly, from the packs that it says are needed, whatever changed between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyChange, { maxLength: 4 }), { maxLength: 50 }), async (rounds) => {
        const chain = createChain();
        const stored = new Map<number, Buffer>();
        const taken: { generation: number; files: Map<string, Buffer> }[] = [];
        const files = new Map([...makeDatabase({ batches: 1 })].map(([name, c]) => [`${databaseFolder}/${name}`, c]));
        for (const [index, changes] of rounds.entries()) {
          const before = new Map(files);
          for (const change of changes) apply(files, change);
          const generation = index + 1;
          const pack = chain.plan(copyOf({ files, before, held: chain.held() }), generation);
          if (!pack) continue;
          stored.set(generation, await encodePack(pack));
          chain.written(pack, generation);
          taken.push({ generation, files: new Map(files) });
          for (const each of stored.keys()) if (!chain.needed().has(each)) stored.delete(each);
        }
        for (const each of taken.slice(-3))
          expect((await loadSnapshot(each.generation, opener(stored))).files).toEqual(each.files);
        // So many files are read at most by a restore.
        expect(stored.size).toBeLessThanOrEqual(36);
      }),
      { numRuns: 60 },
    );
  });

  it('gathers what lives in many packs, so that a restore reads few', async () => {
    const chain = createChain();
    const stored = new Map<number, Buffer>();
    const files = new Map([...makeDatabase({ batches: 1 })].map(([name, c]) => [`${databaseFolder}/${name}`, c]));
    for (let generation = 1; generation <= 80; generation++) {
      files.set(`Default/IndexedDB/${generation}.blob`, randomBytes(2_000));
      const pack = chain.plan(copyOf({ files, before: files, held: new Set() }), generation);
      if (!pack) throw new Error('Nothing has changed');
      stored.set(generation, await encodePack(pack));
      chain.written(pack, generation);
      for (const each of stored.keys()) if (!chain.needed().has(each)) stored.delete(each);
    }
    expect((await loadSnapshot(80, opener(stored))).files).toEqual(files);
    expect(stored.size).toBeLessThanOrEqual(36);
  });

  it('is refused when a pack holds something else than was referred to', async () => {
    const chain = createChain();
    const files = new Map([...makeDatabase({ batches: 1 })].map(([name, c]) => [`${databaseFolder}/${name}`, c]));
    files.set('Default/IndexedDB/1.blob', Buffer.from('right'));
    const pack = chain.plan(copyOf({ files, before: files, held: new Set() }), 1);
    if (!pack) throw new Error('Nothing has changed');
    expect((await loadSnapshot(1, async () => pack)).files).toEqual(files);
    const contents = Buffer.from(pack.contents.toString('latin1').replace('right', 'wrong'), 'latin1');
    await expect(loadSnapshot(1, async () => ({ ...pack, contents }))).rejects.toThrow(SnapshotError);
  });

  it('refuses to leave out a content that it does not hold', () => {
    const files = new Map([['Default/IndexedDB/1.blob', { size: 3, stamp: '1' }]]);
    expect(() => createChain().plan({ ...empty, files }, 1)).toThrow(/stored nowhere/);
  });
});

describe('pack', () => {
  const pack: Pack = {
    manifest: { version: 2, takenAt: '2030-01-01T00:00:00.000Z', chromiumVersion: '1', localStorage: {}, files: [] },
    contents: Buffer.from('content'),
  };

  it('is refused in whatever shorter form', async () => {
    const encoded = await encodePack(pack);
    expect(await decodePack(encoded)).toEqual(pack);
    for (let length = 0; length < encoded.length; length++)
      await expect(decodePack(encoded.subarray(0, length))).rejects.toThrow(SnapshotError);
  });

  it('never leads outside the profile', async () => {
    for (const path of ['../x', '/etc/x', 'Default/IndexedDB/../../x', 'Default/Cookies', 'Default/IndexedDB/./x']) {
      const manifest = { ...pack.manifest, files: [{ path, chunks: [] }] };
      await expect(decodePack(await encodePack({ ...pack, manifest }))).rejects.toThrow(SnapshotError);
    }
  });
});

const empty = { takenAt: new Date(0), chromiumVersion: '1', localStorage: {} };

/** Leaves out what may be left out, as a copy of a profile does. */
function copyOf({
  files,
  before,
  held,
}: Record<'files' | 'before', ReadonlyMap<string, Buffer>> & { held: ReadonlySet<string> }): TakenSnapshot {
  const copied = [...files].map(([path, content]) => {
    const isKnown = held.has(path) && before.get(path) === content;
    return [path, isKnown ? { size: content.length, stamp: '1' } : { size: content.length, content }] as const;
  });
  return { ...empty, files: new Map(copied) };
}

function opener(stored: ReadonlyMap<number, Buffer>): (generation: number) => Promise<Pack> {
  return async (generation) => {
    const encoded = stored.get(generation);
    if (!encoded) throw new Error(`Pack ${generation} was removed`);
    return decodePack(encoded);
  };
}
