import { globSync } from 'node:fs';

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
 * @param name a workspace (`core`), a folder of its sources (`session-host/commands`), or files of it
 * (`session-host/inbound/{catch-up,inbound}.ts`), measured by the tests whose names begin as theirs do
 * @throws Error when the repository has no such folder or file
 */
export function findRoom(name: string, repository: string): Room {
  const [workspace = '', ...inside] = name.split('/');
  const place = [workspace, 'src', ...inside].join('/');
  if (workspace === '' || globSync(place, { cwd: repository }).length === 0)
    throw new Error(`There is no room ${name} (${place}). Mutated unless named: ${usualRooms.join(', ')}`);
  if (place.endsWith('.ts')) return { name, sources: [place], tests: place.replace(/\.ts$/, '*.test.ts') };
  const sources = [`${place}/**/*.ts`, `!${place}/**/*.test.ts`, ...notPartOfTheProduct(place)];
  return { name, sources, tests: `${place}/**/*.test.ts` };
}

/** What only tests use, and programs that are begun from a shell. */
function notPartOfTheProduct(folder: string): string[] {
  return ['test-*', '*-fixture', '*-samples', '*.handler', 'main'].map((file) => `!${folder}/**/${file}.ts`);
}
