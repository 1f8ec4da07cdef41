import { defineConfig } from 'vitest/config';

/** Glob of the tests to run, from `npm run mutate -- --tests GLOB`; undefined without `--tests`. */
const { MUTATION_TESTS } = process.env;

/**
 * The tests that `npm run mutate` runs against the mutants: the unit tests and the contract tests. Other tests are left
 * out, because the unit tests and the contract tests alone should notice every mutant.
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
