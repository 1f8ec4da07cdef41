import { defineConfig } from 'vitest/config';

/** `npm run test:browsers`: what `npm test` runs in Chromium, in the other engines. */
const project = (engine: string) => ({
  test: {
    name: engine,
    include: ['test/browser/**/*.browser.test.ts', 'test/e2e/conversation.test.ts'],
    env: { TEST_BROWSER: engine },
    globalSetup: `test/browser/installed/${engine}.ts`,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({ test: { projects: ['firefox'].map(project) } });
