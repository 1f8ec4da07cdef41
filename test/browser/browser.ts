import type { Browser, Page } from 'playwright-core';
import { sharedChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

/** The part of Playwright's `Browser` that the tests use. */
export type TestBrowser = Pick<Browser, 'newContext' | 'newPage' | 'close'>;

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The engine that the tests run in: Chromium, unless `npm run test:browsers` has set `TEST_BROWSER` to another. */
export const engine = (process.env.TEST_BROWSER ?? 'chromium') as Engine;

/**
 * Returns a browser of {@link engine}. Chromium and Firefox stay open for the next test file of this process: `close`
 * closes all their contexts, but does not end them. `close` of a WebKit ends it.
 *
 * @param chromiumArguments command-line arguments for Chromium; other engines ignore them
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

/** Returns whether the browser has refused to show a document in the page's iframe. */
export async function refusesFrame(page: Page): Promise<boolean> {
  if (engine !== 'webkit') return /^(chrome-error:|about:neterror)/.test(page.frames().at(-1)!.url());
  // The other engines show an error page in the frame; WebKit shows an empty document with an opaque origin.
  const shown = page.frameLocator('iframe').locator('html');
  return shown.evaluate(({ textContent }) => origin === 'null' && textContent === '');
}
