import type { Browser } from 'playwright-core';
import { launchFirefox } from './firefox.ts';
import { sharedChromium } from './shared-chromium.ts';
import { launchWebKit } from './webkit.ts';

/** What the tests need of a browser; contexts and pages are Playwright's. */
export type TestBrowser = Pick<Browser, 'newContext' | 'newPage' | 'close'>;

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The engine these tests run in: Chromium, unless `npm run test:browsers` names another. */
export const engine = (process.env.TEST_BROWSER ?? 'chromium') as Engine;

/** The address of what a browser shows instead of a frame that may not be shown. */
export const ERROR_PAGE = /^(chrome-error:|about:neterror)/;

/**
 * A browser, whose `close` closes what was opened in it.
 *
 * @param chromiumArguments what only Chromium has to be told
 */
export function launchBrowser(chromiumArguments: readonly string[] = []): Promise<TestBrowser> {
  const launch = {
    chromium: () => sharedChromium(chromiumArguments),
    firefox: launchFirefox,
    webkit: launchWebKit,
  }[engine];
  if (!launch) throw new Error(`TEST_BROWSER names no browser: ${engine}`);
  return launch();
}
