import type { Browser } from 'playwright-core';

/** The browsers of this process, by the options that they were started with. */
const running = new Map<string, Promise<Browser>>();

/**
 * Returns the browser that runs for `key`, or starts it with `launch`. The test files of a process share it, one after
 * the other.
 */
export function sharedBrowser(key: string, launch: () => Promise<Browser>): Promise<Browser> {
  const started = running.get(key);
  if (started) return started;
  const browser = launch();
  running.set(key, browser);
  const forget = () => running.delete(key);
  browser.then((launched) => launched.once('disconnected', forget), forget);
  return browser;
}

/** Closes all contexts of the browsers of this process. */
export async function closeContexts(): Promise<void> {
  const browsers = await Promise.all(running.values());
  await Promise.all(browsers.flatMap((browser) => browser.contexts()).map((context) => context.close()));
}

/** Ends the browsers of this process. */
export async function endBrowsers(): Promise<void> {
  const browsers = await Promise.all(running.values());
  await Promise.all(browsers.map((browser) => browser.close()));
}
