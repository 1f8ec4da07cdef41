import type { Locator, Page } from 'playwright-core';
import type { TestBrowser } from '../browser/browser.ts';

/** A person with a page that shows a box, in a browser context of their own. */
export interface Visitor {
  page: Page;
  box: Locator;
  /** Signs in through the popup, as `name`. */
  signIn(name: string): Promise<void>;
  /** Writes and presses Enter. */
  shout(text: string): Promise<void>;
  /** Waits until the box shows a message of `author` with this text. */
  sees(author: string, text: string): Promise<void>;
}

export async function visit(browser: TestBrowser, url: string): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 460, height: 640 },
    reducedMotion: 'reduce',
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  await page.goto(url);
  const box = page.locator('shout-box').first();
  return {
    page,
    box,
    signIn: async (name) => {
      const opened = page.waitForEvent('popup');
      await box.getByRole('button', { name: 'Sign in' }).click();
      const popup = await opened;
      const closed = popup.waitForEvent('close');
      await popup.getByRole('button', { name: `Continue as ${name}` }).click();
      await closed;
      await box.getByRole('button', { name: `Signed in as ${name}` }).waitFor();
    },
    shout: async (text) => {
      await box.getByRole('textbox').fill(text);
      await box.getByRole('textbox').press('Enter');
    },
    sees: (author, text) =>
      box.getByRole('article').filter({ hasText: author }).filter({ hasText: text }).first().waitFor(),
  };
}
