import { defineConfig } from 'vitest/config';

/** From `npm run mutate -- --tests GLOB`. */
const { MUTATION_TESTS } = process.env;

/** The unit tests that `npm run mutate` runs against each mutant. The tests of other directories import nothing it changes. */
export default defineConfig({
  test: {
    // A process for each file of tests and each of a thousand mutants takes longer than the tests.
    isolate: false,
    include: MUTATION_TESTS ? [MUTATION_TESTS] : ['{src,web}/**/*.test.ts', 'test/contracts/**/*.test.ts'],
    exclude: ['**/*.integration.test.ts', '**/dist/**', '**/node_modules/**'],
  },
});
