import { Stryker } from '@stryker-mutator/core';
import type { Room } from './rooms.ts';
import type { MutantResult } from './score.ts';

/**
 * Changes a room's sources one by one in a copy of the repository, and runs the room's tests that reach the change.
 * @param concurrency runs of tests beside each other; undefined: one per core
 * @throws Error when the tests don't pass without any change
 */
export async function mutateRoom(
  { name, sources, tests }: Room,
  { concurrency }: { concurrency: number | undefined },
): Promise<MutantResult[]> {
  process.env['MUTATION_TESTS'] = tests;
  const report = `proofs/mutation/results/${name.replaceAll(/[^\w.]+/g, '-')}`;
  const stryker = new Stryker({
    mutate: [...sources],
    testRunner: 'vitest',
    ...(concurrency !== undefined && { concurrency }),
    vitest: { configFile: 'proofs/mutation/vitest.config.ts' },
    // Pages, builds and states of local stacks are of no use to these tests.
    ignorePatterns: ['dist', '.local', 'cdk.out', '/web', '/docs', '/proofs/*/results'],
    tempDirName: '.local/mutation',
    cleanTempDir: 'always',
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    // On a busy machine a test takes longer than when it was tried first.
    timeoutMS: 20_000,
  });
  return stryker.runMutationTest();
}
