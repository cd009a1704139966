import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Node keeps what it compiled, for workers and for what tests start: hosts, stacks, command lines.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'node');

/**
 * Tests that drive browsers and processes wait in real time: on a busy machine one may run out of it, so it gets a
 * second try.
 */
const retries = 1;

/** One per core: three on two cores were 7 % faster, and counts and time-outs no longer held. */
const maxWorkers = '100%';

/** Files of half a minute and more, which would go on alone at the end if they began late. */
const slowFiles = [
  /proofs\/chaos\/chaos/,
  /cost-flows\/history/,
  /local\/src\/main\.test/,
  /tests\/host\//,
  /tests\/functions\//,
  /rehearse-restore/,
];

class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's, which answers a new array.
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = slowFiles.findIndex((pattern) => pattern.test(moduleId));
  return place === -1 ? slowFiles.length : place;
}

const node = (name: string, extra: object = {}) => ({
  test: { name, root: name, include: ['src/**/*.test.ts'], environment: 'node' as const, ...extra },
});
/** A property of hundreds of cases is to hold on a machine that is ten times as slow for the moment, too. */
const unhurried = { testTimeout: 120_000 };
/**
 * Files share a worker and the modules loaded in it: half of the time went into loading them anew. No file may leave
 * anything behind, like a stub or a variable of the environment.
 */
const shared = { isolate: false };
/** Of what boots stacks. */
const booted = { globalSetup: join(import.meta.dirname, 'tests/support/before-all.ts') };
/** Of what drives browsers and processes, or waits for what they do. */
const patient = { retry: retries, testTimeout: 30_000, hookTimeout: 60_000 };
/**
 * Builds of WhatsApp's page, besides the newest, on which a host is tried in each run: before and after its message
 * keys changed.
 */
const olderPages = ['2026-04', '2026-07'];
const hostOnPage = (build: string) =>
  node(`host-${build}`, {
    ...patient,
    ...booted,
    root: 'tests',
    include: ['host/{messages,content}.test.ts'],
    env: { PAGE_BUILD: build },
  });
/** One folder of tests/ that boots more than one room. */
const across = (name: string) =>
  node(name, { ...patient, ...booted, root: 'tests', include: [`${name}/**/*.test.ts`] });

export default defineConfig({
  test: {
    globals: false,
    maxWorkers,
    sequence: { sequencer: SlowFilesFirst },
    projects: [
      node('scripts', { ...unhurried, include: ['**/*.test.mjs'] }),
      node('core', { ...unhurried, ...shared }),
      node('aws', unhurried),
      node('lambdas', { ...unhurried, ...shared }),
      node('session-host', { ...patient, ...unhurried, ...shared }),
      node('link-extension', { ...unhurried, include: ['{src,build}/**/*.test.ts'] }),
      node('infra', { testTimeout: 120_000, hookTimeout: 120_000 }),
      node('operations', { testTimeout: 120_000, hookTimeout: 120_000 }),
      node('cloud', { ...patient, ...unhurried, ...shared }),
      node('world', { ...patient, ...unhurried }),
      node('local', { ...patient, ...booted }),
      node('proofs', { ...patient, ...unhurried, ...booted, include: ['**/*.test.ts'] }),
      across('functions'),
      across('host'),
      across('isolation'),
      ...olderPages.map(hostOnPage),
      {
        extends: './web/vite.config.ts',
        // Beside browsers and hosts of other tests a page may need longer to come up.
        test: {
          name: 'web',
          root: 'web',
          include: ['src/**/*.test.ts'],
          retry: retries,
          ...unhurried,
          ...shared,
          // Not inherited, since it extends a configuration of its own.
          maxWorkers,
        },
      },
      {
        test: {
          name: 'e2e',
          root: 'tests',
          include: ['e2e/**/*.test.ts'],
          environment: 'node',
          ...booted,
          retry: retries,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each has a stack of its own and browsers beside it. After all others, two at a time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
