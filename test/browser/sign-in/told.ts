import type { Page } from 'playwright-core';

/** What the author of a page is told by its box. */
export interface Told {
  /** Lines of the console, as they come. */
  console: readonly string[];
  /** Details of `shout-error` on the page as it is now. */
  errors(): Promise<{ code: string; message: string }[]>;
}

/** Listens from the next page that is loaded on. */
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
