import { defineConfig } from 'vitest/config';

/** `npm run test:browsers`: what `npm test` runs in Chromium, in the other engines. */
const project = (engine: string, include: string[]) => ({
  test: {
    name: engine,
    include,
    env: { TEST_BROWSER: engine },
    globalSetup: `test/browser/installed/${engine}.ts`,
    setupFiles: 'test/browser/leave-out.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Another engine may take longer for what is awaited.
    expect: { poll: { timeout: 10_000 } },
  },
});

export default defineConfig({
  test: {
    projects: [
      project('firefox', ['test/browser/**/*.browser.test.ts', 'test/e2e/conversation.test.ts']),
      project('webkit', ['test/browser/{composer,parts,writing}.browser.test.ts']),
    ],
  },
});
