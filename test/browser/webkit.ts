import { execFileSync } from 'node:child_process';
import type { TestBrowser } from './browser.ts';
import { WebKitContext } from './webkit/context.ts';
import { startDisplay } from './webkit/driver.ts';

/** The programs that WebKit needs, each with its Debian package. */
const NEEDED = { WebKitWebDriver: 'webkitgtk-webdriver', gjs: 'gjs', Xvfb: 'xvfb' };

/**
 * Checks that WebKit can be started on this machine.
 *
 * @throws Error that says what to install
 */
export function requireWebKit(): void {
  const missing = Object.entries(NEEDED).filter(([program]) => !isInstalled('which', program));
  if (missing.length > 0) {
    const names = missing.map(([program]) => program).join(', ');
    const packages = missing.map(([, name]) => name).join(' ');
    throw new Error(`WebKit is missing: there is no ${names}. Install ${packages} (Debian).`);
  }
  if (!isInstalled('gjs', '-c', 'imports.gi.versions.WebKit2 = "4.1"; imports.gi.WebKit2;'))
    throw new Error('WebKit is missing: gjs finds no WebKit2 4.1. Install gir1.2-webkit2-4.1 (Debian).');
}

/**
 * Returns WebKitGTK, driven over WebDriver. Each context is a browser of its own, which starts when the context's first
 * window opens. Playwright's own WebKit is not used, because it is patched.
 */
export async function launchWebKit(): Promise<TestBrowser> {
  requireWebKit();
  const display = await startDisplay();
  const contexts: WebKitContext[] = [];
  const newContext = async (options = {}, ends = false) => {
    const context = await WebKitContext.start(display.name, options, ends);
    contexts.push(context);
    return context;
  };
  const browser = {
    newContext,
    newPage: async (options = {}) => (await newContext(options, true)).newPage(),
    close: async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await display.stop();
    },
  };
  // The tests use only the part of Playwright's interface that WebKitContext has.
  return browser as unknown as TestBrowser;
}

function isInstalled(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
