import type { Page } from 'playwright-core';

/** What a box tells the author of its page. */
export interface Told {
  /** The box's lines in the console so far. */
  console: readonly string[];
  /** Returns the details of each `shout-error` since the page was loaded. */
  errors(): Promise<{ code: string; message: string }[]>;
}

/** Listens to the console from now on, and to `shout-error` from the next load on. */
export async function listenAsAuthor(page: Page): Promise<Told> {
  const console: string[] = [];
  page.on('console', (message) => message.text().startsWith('<shout-box>') && console.push(message.text()));
  await page.addInitScript(() => {
    const errors: unknown[] = [];
    Object.assign(window, { errors });
    window.addEventListener('shout-error', (event) => errors.push((event as CustomEvent).detail));
  });
  return {
    console,
    errors: () => page.evaluate(() => (window as unknown as { errors: { code: string; message: string }[] }).errors),
  };
}
