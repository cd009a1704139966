import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takePlace } from './place.ts';

let dir: string;
let folder: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'place-'));
  folder = join(dir, 'scratch');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a place', () => {
  it('has had nobody at first, and then whoever was recorded', async () => {
    const first = await takePlace(folder);
    expect(first.formerInstance).toBeUndefined();
    await first.record('one');
    await first.leave();
    const second = await takePlace(folder);
    expect(second.formerInstance).toBe('one');
    await second.leave();
  });

  it('proves nothing when the folder comes from elsewhere, or is damaged', async () => {
    const first = await takePlace(folder);
    await first.record('one');
    await first.leave();
    const file = join(folder, 'instance.json');
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...Object(record), kernel: 'another boot' }));
    const second = await takePlace(folder);
    expect(second.formerInstance).toBeUndefined();
    await second.leave();
    await writeFile(file, '{"instance":');
    const third = await takePlace(folder);
    expect(third.formerInstance).toBeUndefined();
    await third.leave();
  });

  it('is one process’s at a time, and free as soon as that process is killed', async () => {
    const script = `
      import { takePlace } from ${JSON.stringify(join(import.meta.dirname, 'place.ts'))};
      const place = await takePlace(process.argv[1]);
      await place.record('killed');
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(takePlace(folder)).rejects.toThrow('Another session host uses SCRATCH_DIR');
    child.kill('SIGKILL');
    const place = await takePlace(folder);
    expect(place.formerInstance).toBe('killed');
    await place.leave();
  });
});
