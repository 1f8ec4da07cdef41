import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContextOptions, firefox } from 'playwright-core';
import type { TestBrowser } from './browser.ts';
import { closeContexts, sharedBrowser } from './shared.ts';

/**
 * Commands to try, in this order. They start the Firefox that people use. Playwright's own Firefox is not used, because
 * it is patched.
 */
const NAMES = ['firefox-esr', 'firefox'];

/**
 * Returns the path of the Firefox that `FIREFOX_PATH` names, or else of the installed one.
 *
 * @throws Error that says what to install
 */
export function firefoxPath(): string {
  const { FIREFOX_PATH } = process.env;
  for (const name of FIREFOX_PATH ? [FIREFOX_PATH] : NAMES) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // Tries the next name.
    }
  }
  throw new Error('Firefox is missing: install `firefox-esr` (Debian) or `firefox`, or set FIREFOX_PATH to its path.');
}

/**
 * Returns Firefox, driven over WebDriver BiDi. Firefox reads its preferences for media queries only when it starts, so
 * there is one Firefox process for each set of preferences. The first context or page that needs a process starts it.
 */
export async function launchFirefox(): Promise<TestBrowser> {
  const executablePath = firefoxPath();
  const browserFor = (options: BrowserContextOptions): Promise<Browser> => {
    const firefoxUserPrefs = preferencesFor(options);
    const launch = { channel: 'moz-firefox', executablePath, headless: true, firefoxUserPrefs };
    return sharedBrowser(JSON.stringify(firefoxUserPrefs), () => firefox.launch(launch));
  };
  return {
    newContext: async (options = {}) => (await browserFor(options)).newContext(supported(options)),
    newPage: async (options = {}) => (await browserFor(options)).newPage(supported(options)),
    close: closeContexts,
  };
}

/**
 * Returns Firefox's preferences for these options. The numbers are the values that Firefox's LookAndFeel and settings
 * page use.
 */
function preferencesFor(options: BrowserContextOptions): Record<string, number | boolean> {
  const { colorScheme, reducedMotion, forcedColors, hasTouch } = options;
  return {
    // Without this, frames of other origins run in other processes, which a click over BiDi does not reach.
    'fission.autostart': false,
    'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    ...(reducedMotion === 'reduce' && { 'ui.prefersReducedMotion': 1 }),
    ...(forcedColors === 'active' && { 'browser.display.document_color_use': 2 }),
    // 1 is a coarse pointer that can't hover.
    ...(hasTouch && { 'ui.primaryPointerCapabilities': 1, 'ui.allPointerCapabilities': 1 }),
  };
}

/** Returns the options that Playwright can set in a Firefox that already runs. */
function supported(options: BrowserContextOptions): BrowserContextOptions {
  const { colorScheme: _, reducedMotion: __, forcedColors: ___, hasTouch: ____, isMobile: _____, ...rest } = options;
  return rest;
}
