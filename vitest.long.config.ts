import { defineConfig } from 'vitest/config';

/** `npm run test:long`: runs the tests that take minutes, one file after the other. */
export default defineConfig({
  test: {
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    fileParallelism: false,
    setupFiles: 'test/browser/end-browsers.ts',
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
