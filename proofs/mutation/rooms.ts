import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A part of the product that is mutated, and the tests beside it that must notice. Globs from the repository's root.
 */
export interface Room {
  name: string;
  sources: readonly string[];
  tests: string;
}

/** Mutated where nobody names others: their own tests need neither a browser nor a stack. */
export const usualRooms: readonly string[] = ['core', 'lambdas', 'session-host/commands', 'session-host/inbound'];

/**
 * @param name a workspace (`core`), a folder of its sources (`session-host/commands`), or one file in it
 * (`session-host/commands/claim.ts`), which all tests of its folder are for
 * @throws Error when the repository has no such folder or file
 */
export function findRoom(name: string, repository: string): Room {
  const [workspace = '', ...inside] = name.split('/');
  const folder = [workspace, 'src', ...inside].join('/');
  if (workspace === '' || !existsSync(join(repository, folder)))
    throw new Error(`There is no room ${name} (${folder}). Mutated unless named: ${usualRooms.join(', ')}`);
  if (inside.at(-1)?.endsWith('.ts')) return { name, sources: [folder], tests: `${dirname(folder)}/**/*.test.ts` };
  const sources = [`${folder}/**/*.ts`, `!${folder}/**/*.test.ts`, ...notPartOfTheProduct(folder)];
  return { name, sources, tests: `${folder}/**/*.test.ts` };
}

/** What only tests use, and programs that are begun from a shell. */
function notPartOfTheProduct(folder: string): string[] {
  return ['test-*', '*-fixture', '*-samples', '*.handler', 'main'].map((file) => `!${folder}/**/${file}.ts`);
}
