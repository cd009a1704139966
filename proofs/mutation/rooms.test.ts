import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRoom, usualRooms } from './rooms.ts';

const repository = join(import.meta.dirname, '../..');

describe('rooms to mutate', () => {
  it.each(usualRooms)('%s has sources and tests of its own', (name) => {
    const { sources, tests } = findRoom(name, repository);
    expect(
      globSync(
        sources.filter((glob) => !glob.startsWith('!')),
        { cwd: repository },
      ),
    ).not.toEqual([]);
    expect(globSync(tests, { cwd: repository })).not.toEqual([]);
  });

  it('takes a folder of a workspace', () => {
    expect(findRoom('session-host/commands', repository).tests).toBe('session-host/src/commands/**/*.test.ts');
  });

  it('takes one file, with the tests of its folder', () => {
    const { sources, tests } = findRoom('session-host/inbound/catch-up.ts', repository);
    expect([sources, tests]).toEqual([
      ['session-host/src/inbound/catch-up.ts'],
      'session-host/src/inbound/**/*.test.ts',
    ]);
  });

  it('says which rooms there are, asked for none', () => {
    expect(() => findRoom('kitchen', repository)).toThrow('There is no room kitchen (kitchen/src)');
  });
});
