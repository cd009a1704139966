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

  it('takes files, with the tests whose names begin alike', () => {
    const { sources, tests } = findRoom('session-host/inbound/{behind-chats,keyed-queue}.ts', repository);
    expect(sources).toEqual(['session-host/src/inbound/{behind-chats,keyed-queue}.ts']);
    expect(globSync(tests, { cwd: repository }).toSorted()).toEqual([
      'session-host/src/inbound/behind-chats.test.ts',
      'session-host/src/inbound/keyed-queue.test.ts',
    ]);
  });

  it('says which rooms there are, asked for none', () => {
    expect(() => findRoom('kitchen', repository)).toThrow('There is no room kitchen (kitchen/src)');
  });
});
