import { defineConfig } from 'vitest/config';

/** Of `npm run prove -- mutation`, which names the tests of one room. */
const tests = process.env['MUTATION_TESTS'];
if (tests === undefined) throw new Error('MUTATION_TESTS is missing: npm run prove -- mutation ROOM sets it');

export default defineConfig({
  test: { include: [tests], environment: 'node', globals: false, testTimeout: 120_000 },
});
