import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
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
  /**
   * Opens one scene and waits until it has settled. The box is then `window.box`. The gallery has one page: a later call
   * shows its scene in the same page, or closes that page if `context` or `before` ask for another one.
   *
   * @param before is called with a new page before it opens the scene
   */
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
  /** The open page and its options as JSON. `key` is undefined if a test has prepared the page: no other test gets it. */
  let open: { page: Page; key: string | undefined } | undefined;
  let opened = 0;
  beforeAll(async () => {
    [pages, browser] = await Promise.all([serveGallery(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });
  return {
    async open(scene, { query = '', context = {}, before } = {}) {
      const options = { viewport: { width: 424, height: 620 }, ...context };
      const key = before ? undefined : JSON.stringify(options);
      const last = open?.page.isClosed() ? undefined : open;
      open = undefined;
      let page: Page;
      if (last && key && last.key === key) {
        page = last.page;
        await putBack(page, options.viewport!);
      } else {
        await last?.page.close();
        page = await browser.newPage(options);
        await (before ?? forgetEarlierScenes)(page);
      }
      open = { page, key };
      await page.goto(`${pages.url}gallery.html?scene=${scene}&${query}&opened=${++opened}`);
      await page.locator('html.settled').waitFor();
      await page.evaluate(() => {
        window.box = document.querySelector<GalleryBox>('shout-box')!;
      });
      return page;
    },
  };
}

/** Gives a page the size and the pointer that a new page has. A new page takes Firefox a second of processor time. */
async function putBack(page: Page, viewport: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(viewport);
  await page.mouse.move(0, 0);
}

/** Makes the page empty its storage whenever it opens a scene, but not when it reloads one. */
const forgetEarlierScenes = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    if (sessionStorage.getItem('scene') === location.search) return;
    localStorage.clear();
    sessionStorage.clear();
    sessionStorage.setItem('scene', location.search);
  });

/** Finishes all animations except endless ones, so that sizes no longer change while a test measures them. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const animation of window.box.shadowRoot!.getAnimations())
      if (animation.effect!.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  });
}
