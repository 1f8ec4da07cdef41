import { defineConfig } from 'vitest/config';

/** Time-outs. They end tests that hang, and are long so that no test fails only because the machine is busy. */
const expect = { poll: { timeout: 20_000 } };
const bounds = { testTimeout: 120_000, hookTimeout: 120_000 };

/**
 * `unit` is fast and needs no database and no browser. `integration` includes tests of real handlers on a real DynamoDB
 * engine. `browser` shows the widget in a real browser. `stack` starts the whole local stack. All projects run in
 * parallel, on as many workers as there are processors, so no test may need the machine for itself.
 */
export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          // Otherwise Vitest starts a process for each of more than a hundred files, which takes longer than all tests.
          isolate: false,
          ...bounds,
          include: [
            '{src,web,local,schemas,deploy,bench,scripts}/**/*.test.ts',
            'test/{container,contracts,snippets}/**/*.test.ts',
            'test/explore/mutants.test.ts',
          ],
          exclude: ['**/*.integration.test.ts', '**/dist/**', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts', 'test/{integration,security,aws,simulate,explore}/**/*.test.ts'],
          exclude: ['test/explore/mutants.test.ts', '**/*.long.test.ts', '**/node_modules/**'],
          globalSetup: 'test/once-per-run.ts',
          expect,
          ...bounds,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.browser.test.ts'],
          // Lets all test files that one worker runs share a browser.
          isolate: false,
          globalSetup: 'test/once-per-run.ts',
          setupFiles: 'test/browser/end-browsers.ts',
          expect,
          ...bounds,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/{e2e,faults}/**/*.test.ts'],
          exclude: ['**/*.long.test.ts'],
          setupFiles: 'test/browser/end-browsers.ts',
          expect,
          ...bounds,
        },
      },
    ],
  },
});
