import { defineConfig } from 'vitest/config';

/** The unit tests that `npm run mutate` runs against each mutant. The tests of other directories import nothing it changes. */
export default defineConfig({
  test: {
    include: ['{src,web}/**/*.test.ts', 'test/contracts/**/*.test.ts'],
    exclude: ['**/*.integration.test.ts', '**/dist/**', '**/node_modules/**'],
  },
});
