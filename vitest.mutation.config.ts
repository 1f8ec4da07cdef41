import { defineConfig } from 'vitest/config';

/** Glob of the tests to run, from `npm run mutate -- --tests GLOB`. */
const { MUTATION_TESTS } = process.env;

/**
 * The unit tests that `npm run mutate` runs against the mutants. Tests of other directories are left out, because they
 * are not about the code that is mutated.
 */
export default defineConfig({
  test: {
    // With isolation, each of a thousand mutants would start a new worker for each test file. That would take longer
    // than the tests themselves.
    isolate: false,
    include: MUTATION_TESTS ? [MUTATION_TESTS] : ['{src,web}/**/*.test.ts', 'test/contracts/**/*.test.ts'],
    exclude: ['**/*.integration.test.ts', '**/dist/**', '**/node_modules/**'],
  },
});
