import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateFolder } from './state-folder.ts';

describe('state folder', () => {
  let dir: string;
  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'state-')), 'state');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('keeps what is there when it is opened again', () => {
    const first = openStateFolder({ dir });
    writeFileSync(join(first.part('kms'), 'keys'), 'x');
    first.release();
    expect(existsSync(join(openStateFolder({ dir }).part('kms'), 'keys'))).toBe(true);
  });

  it('begins anew on request', () => {
    const first = openStateFolder({ dir });
    writeFileSync(join(first.part('kms'), 'keys'), 'x');
    first.release();
    expect(existsSync(join(openStateFolder({ dir, fresh: true }).part('kms'), 'keys'))).toBe(false);
  });

  it('refuses a folder whose format it cannot read and names the remedy', () => {
    openStateFolder({ dir }).release();
    writeFileSync(join(dir, 'format.json'), 'not json');
    expect(() => openStateFolder({ dir })).toThrow(/--fresh/);
  });

  it('refuses a folder that a running process holds', () => {
    openStateFolder({ dir }).release();
    writeFileSync(join(dir, 'stack.pid'), String(process.ppid));
    expect(() => openStateFolder({ dir })).toThrow(new RegExp(`process ${process.ppid}`));
  });

  it('takes over the folder of a stack that was killed', () => {
    openStateFolder({ dir }).release();
    writeFileSync(join(dir, 'stack.pid'), '4194304999');
    expect(() => openStateFolder({ dir })).not.toThrow();
  });

  it('says what stands in the way when the folder is a file', () => {
    rmSync(dir, { recursive: true, force: true });
    writeFileSync(dir, '');
    expect(() => openStateFolder({ dir })).toThrow(/--dir/);
  });

  it.each([true, false])('leaves a folder alone that holds other files (fresh: %s)', (fresh) => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'thesis.txt'), 'x');
    expect(() => openStateFolder({ dir, fresh })).toThrow(/other files/);
    expect(readdirSync(dir)).toEqual(['thesis.txt']);
  });

  it('can be taken again after a refusal', () => {
    openStateFolder({ dir }).release();
    writeFileSync(join(dir, 'format.json'), 'not json');
    expect(() => openStateFolder({ dir })).toThrow(/damaged/);
    expect(() => openStateFolder({ dir, fresh: true })).not.toThrow();
  });
});
