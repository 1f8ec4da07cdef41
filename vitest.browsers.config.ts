import { defineConfig } from 'vitest/config';
import { filesLeftOut } from './test/browser/not-driven.ts';

/** `npm run test:browsers`: runs the tests of the widget and one whole conversation in Firefox and WebKit. */
const project = (engine: 'firefox' | 'webkit') => ({
  test: {
    name: engine,
    include: ['test/browser/**/*.browser.test.ts', 'test/e2e/conversation.test.ts'],
    exclude: filesLeftOut(engine),
    env: { TEST_BROWSER: engine },
    globalSetup: [`test/browser/installed/${engine}.ts`, 'test/once-per-run.ts'],
    // All test files that a worker runs share its browsers.
    isolate: false,
    setupFiles: ['test/browser/leave-out.ts', 'test/browser/end-browsers.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest's default of 1 s is too short for a browser on a busy machine.
    expect: { poll: { timeout: 20_000 } },
  },
});

export default defineConfig({
  test: {
    // With twice as many workers a run takes a fifth less time, but a test of unsent words failed once under that load.
    maxWorkers: '100%',
    projects: (['firefox', 'webkit'] as const).map(project),
  },
});
