import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { GalleryBox } from '../../web/gallery/gallery-box.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { type Served, serveGallery } from './built.ts';

declare global {
  interface Window {
    /** The box of the open scene. */
    box: GalleryBox;
  }
}

export interface Gallery {
  /** Opens one scene and waits until it has settled. The box is then `window.box`. */
  open(
    scene: string,
    options?: { query?: string; context?: BrowserContextOptions; before?: (page: Page) => Promise<unknown> },
  ): Promise<Page>;
}

/**
 * Starts a browser for the tests of one file, and serves the gallery to it. The gallery is a page that shows the box in
 * a scene with made-up data (web/gallery.html).
 */
export function useGallery(): Gallery {
  let browser: TestBrowser;
  let pages: Served;
  const opened: Page[] = [];
  beforeAll(async () => {
    [pages, browser] = await Promise.all([serveGallery(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });
  // Closes the pages, because an open page would take processor time from the next one.
  afterEach(() => Promise.all(opened.splice(0).map((page) => page.close())));
  return {
    async open(scene, { query = '', context = {}, before } = {}) {
      const page = await browser.newPage({ viewport: { width: 424, height: 620 }, ...context });
      opened.push(page);
      await before?.(page);
      await page.goto(`${pages.url}gallery.html?scene=${scene}&${query}`);
      await page.locator('html.settled').waitFor();
      await page.evaluate(() => {
        window.box = document.querySelector<GalleryBox>('shout-box')!;
      });
      return page;
    },
  };
}

/** Finishes all animations except endless ones, so that sizes no longer change while a test measures them. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const animation of window.box.shadowRoot!.getAnimations())
      if (animation.effect!.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  });
}
