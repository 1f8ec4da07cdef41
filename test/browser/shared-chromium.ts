import type { Browser } from 'playwright-core';
import type { TestBrowser } from './browser.ts';
import { launchChromium } from './chromium.ts';

/** By their arguments. */
const running = new Map<string, Promise<Browser>>();

/** The Chromium of this process, for one test file after the other: `close` closes what was opened, not the browser. */
export async function sharedChromium(args: readonly string[] = []): Promise<TestBrowser> {
  const key = args.join(' ');
  if (!(await running.get(key)?.catch(() => undefined))?.isConnected()) running.set(key, launchChromium(args));
  const browser = (await running.get(key))!;
  return {
    newContext: (options) => browser.newContext(options),
    newPage: (options) => browser.newPage(options),
    close: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}

// Vitest ends a worker with this signal; on `exit` Playwright ends its browsers and deletes their profiles.
process.once('SIGTERM', () => process.exit());
