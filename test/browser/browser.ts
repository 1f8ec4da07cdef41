import type { Browser, Page } from 'playwright-core';
import { sharedChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

/** What the tests need of a browser; contexts and pages are Playwright's. */
export type TestBrowser = Pick<Browser, 'newContext' | 'newPage' | 'close'>;

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The engine these tests run in: Chromium, unless `npm run test:browsers` names another. */
export const engine = (process.env.TEST_BROWSER ?? 'chromium') as Engine;

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

/** Whether the browser shows nothing in the frame of a page, because its document may not be framed there. */
export async function refusesFrame(page: Page): Promise<boolean> {
  if (engine !== 'webkit') return /^(chrome-error:|about:neterror)/.test(page.frames().at(-1)!.url());
  // Where another engine has a page of its own, WebKit has an empty one of an origin of its own.
  const shown = page.frameLocator('iframe').locator('html');
  return shown.evaluate(({ textContent }) => origin === 'null' && textContent === '');
}
