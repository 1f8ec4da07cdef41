import { defineConfig } from 'vitest/config';

/**
 * `unit` is fast and pure, `integration` runs real handlers on a real DynamoDB engine, `stack` starts the whole local stack
 * and real browsers: one file after the other, because each wants the machine for itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{src,web,local,schemas,deploy,bench,scripts}/**/*.test.ts',
            'test/{contracts,snippets}/**/*.test.ts',
          ],
          exclude: ['**/*.integration.test.ts', '**/dist/**', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts', 'test/{integration,security,aws}/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/{e2e,browser,faults}/**/*.test.ts'],
          exclude: ['**/*.long.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
