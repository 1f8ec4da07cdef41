import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContextOptions, firefox } from 'playwright-core';
import type { TestBrowser } from './browser.ts';
import { closeContexts, sharedBrowser } from './shared.ts';

/** Candidates, in this order. Playwright's own Firefox is a patched one: this is the one that people use. */
const NAMES = ['firefox-esr', 'firefox'];

/**
 * The path of the installed Firefox; `FIREFOX_PATH` names another.
 *
 * @throws Error in one sentence
 */
export function firefoxPath(): string {
  const { FIREFOX_PATH } = process.env;
  for (const name of FIREFOX_PATH ? [FIREFOX_PATH] : NAMES) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next one.
    }
  }
  throw new Error('Firefox is missing: install `firefox-esr` (Debian) or `firefox`, or set FIREFOX_PATH to its path.');
}

/**
 * Firefox over WebDriver BiDi. It reads the media preferences when it starts, so there is a browser for each set of
 * them, started when the first page asks for it.
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

/** Values of Firefox's LookAndFeel and of its settings page. */
function preferencesFor(options: BrowserContextOptions): Record<string, number | boolean> {
  const { colorScheme, reducedMotion, forcedColors, hasTouch } = options;
  return {
    // A click through BiDi does not reach a frame that is in a process of its own.
    'fission.autostart': false,
    'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    ...(reducedMotion === 'reduce' && { 'ui.prefersReducedMotion': 1 }),
    ...(forcedColors === 'active' && { 'browser.display.document_color_use': 2 }),
    // Coarse, without hover.
    ...(hasTouch && { 'ui.primaryPointerCapabilities': 1, 'ui.allPointerCapabilities': 1 }),
  };
}

/** What Playwright can set in Firefox once it runs. */
function supported(options: BrowserContextOptions): BrowserContextOptions {
  const { colorScheme: _, reducedMotion: __, forcedColors: ___, hasTouch: ____, isMobile: _____, ...rest } = options;
  return rest;
}
