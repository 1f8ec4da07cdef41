import type { Browser, Page } from 'playwright-core';
import { sharedChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

/** The part of Playwright's `Browser` that the tests use. */
export type TestBrowser = Pick<Browser, 'newContext' | 'newPage' | 'close'>;

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The engine these tests run in: Chromium, unless `npm run test:browsers` names another. */
export const engine = (process.env.TEST_BROWSER ?? 'chromium') as Engine;

/**
 * Starts the browser of {@link engine}, or shares one that runs. Its `close` closes what was opened in it.
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

/** Whether the browser shows nothing in the frame of a page, because its document may not be framed there. */
export async function refusesFrame(page: Page): Promise<boolean> {
  if (engine !== 'webkit') return /^(chrome-error:|about:neterror)/.test(page.frames().at(-1)!.url());
  // The other engines show an error page in the frame; WebKit shows an empty document with an opaque origin.
  const shown = page.frameLocator('iframe').locator('html');
  return shown.evaluate(({ textContent }) => origin === 'null' && textContent === '');
}
