import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileNameOf } from './checkpoint-name.ts';
import { createPackFolder } from './pack-folder.ts';

const run = promisify(execFile);
const name = { epoch: 1, base: 2, generation: 3 };

describe('folder of packs', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'packs-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it('never writes a name twice, and leaves no draft of the second', async () => {
    const folder = createPackFolder(join(dir, 'user'));
    await folder.write(name, Buffer.from('first'));
    await expect(folder.write(name, Buffer.from('second'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readdir(join(dir, 'user'))).toEqual([fileNameOf(name)]);
    expect((await folder.read(name))?.toString()).toBe('first');
  });

  it('is empty where nothing was ever written, and lists no strange files', async () => {
    expect(await createPackFolder(join(dir, 'nobody')).list()).toEqual([]);
    await createPackFolder(join(dir, 'nobody')).refresh();
    const folder = createPackFolder(dir);
    await writeFile(join(dir, '1-2-3.checkpoint'), '');
    await writeFile(join(dir, '.draft-x'), '');
    await folder.refresh();
    expect(await folder.list()).toEqual([]);
  });

  it('lets the host go on with other files while the file system of the checkpoints stalls', async () => {
    // Whoever opens a pipe waits for its other end, as for a file server that doesn't answer.
    const pipes = Array.from({ length: 8 }, (_, generation) => ({ ...name, generation }));
    for (const pipe of pipes) await run('mkfifo', [join(dir, fileNameOf(pipe))]);
    const folder = createPackFolder(dir);
    const reading = Promise.all(pipes.map((pipe) => folder.read(pipe)));
    const other = join(dir, 'other');
    await writeFile(other, 'goes on');
    expect(await readFile(other, 'utf8')).toBe('goes on');
    for (const pipe of pipes) await run('sh', ['-c', `echo late > "$0"`, join(dir, fileNameOf(pipe))]);
    expect((await reading).map(String)).toEqual(pipes.map(() => 'late\n'));
  });
});
