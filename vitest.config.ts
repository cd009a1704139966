import { defineConfig } from 'vitest/config';

/** Tests that drive browsers and processes wait in real time: on a busy machine one may run out of it, so it gets a second try. */
const retries = 1;

const node = (name: string, extra: object = {}) => ({
  test: { name, root: name, include: ['src/**/*.test.ts'], environment: 'node' as const, ...extra },
});

export default defineConfig({
  test: {
    globals: false,
    // Most files wait for emulators, browsers and time-outs: two per core keep the cores busy.
    maxWorkers: '200%',
    projects: [
      node('core'),
      node('aws'),
      node('lambdas'),
      node('session-host', { retry: retries, testTimeout: 60_000, hookTimeout: 60_000 }),
      node('infra', { testTimeout: 120_000, hookTimeout: 120_000 }),
      node('local', { retry: retries, testTimeout: 30_000, hookTimeout: 60_000 }),
      node('link-extension', { include: ['{src,build}/**/*.test.ts'] }),
      node('bench'),
      node('operations'),
      { extends: './web/vite.config.ts', test: { name: 'web', root: 'web', include: ['src/**/*.test.ts'] } },
      {
        test: {
          name: 'e2e',
          root: 'tests',
          include: ['**/*.test.ts'],
          environment: 'node',
          retry: retries,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
