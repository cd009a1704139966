import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Of `npm run prove -- image`, which makes the image first. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.rehearsal.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
