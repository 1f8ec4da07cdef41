import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { GalleryBox } from '../../web/gallery/gallery-box.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { type Served, serveGallery } from './built.ts';

declare global {
  interface Window {
    /** The one box of a single scene. */
    box: GalleryBox;
  }
}

export interface Gallery {
  /** Opens one scene, settled, as `window.box`. */
  open(
    scene: string,
    options?: { query?: string; context?: BrowserContextOptions; before?: (page: Page) => Promise<unknown> },
  ): Promise<Page>;
}

/** A browser and the gallery, for the tests of one file. */
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
  // An open page would take processor time from the next one.
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

/** Ends the animations that end by themselves: a box that moves has sizes of its own. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const animation of window.box.shadowRoot!.getAnimations())
      if (animation.effect!.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  });
}
