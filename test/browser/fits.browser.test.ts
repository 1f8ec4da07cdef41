import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { atRest, useGallery } from './gallery.ts';

const gallery = useGallery();

const WIDTHS = [200, 240, 280, 320, 360, 424, 600, 960];
const SIZES = [100, 150, 200];
const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'ar'];

/**
 * Tries every width and text size, and returns what does not fit. The parts of the box may neither overlap, nor be cut,
 * nor stick out of their container. A name may be shortened, but to no less than about four letters. The title must be
 * visible.
 */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ widths, sizes }) => {
      const { box } = window;
      const root = box.shadowRoot!;
      const PARTS =
        '.title, .bars, .label, .people, .quiet, .chip, .grow, .sign-in, .send, .panel, .avatar:has(*), .who, .role, .you, time, .text, .delivery strong, .said > button, .actions button, .moderating > button, .heading span, .pill, .older';
      const HOLDERS = 'header, .composer, .line, .heading, .viewport';
      const wrong = new Set<string>();
      // With `content-visibility: auto`, Firefox reports outdated positions of rows that are out of view.
      for (const row of root.querySelectorAll<HTMLElement>('.message')) row.style.contentVisibility = 'visible';
      const inked = (part: Element) => {
        const { left, right, top, bottom } = part.getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(part);
        const text = range.getBoundingClientRect();
        // Names (`.who`) and messages (`.text`) are measured without their text, because it may be wider: a long name
        // is shortened, and a space at the end of a line sticks out.
        const own = part.matches('.who, .text') || text.width === 0;
        return {
          left: own ? left : Math.min(left, text.left),
          right: own ? right : Math.max(right, text.right),
          top,
          bottom,
          text: text.width,
        };
      };
      for (const size of sizes) {
        document.documentElement.style.fontSize = `${size}%`;
        for (const width of widths) {
          box.style.inlineSize = `${width}px`;
          const says = (what: string) => wrong.add(`${width} px, ${size} %: ${what}`);
          const parts = [...root.querySelectorAll<HTMLElement>(PARTS)].filter(
            (part) =>
              part.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
              !part.closest('.follows')?.querySelector('.meta')?.contains(part),
          );
          const seen = parts.map((part) => ({ part, name: part.className || part.localName, rect: inked(part) }));
          for (const [index, { part, name, rect }] of seen.entries()) {
            const holder = part.closest(HOLDERS)!;
            const held = (part.closest('.said') ?? holder).getBoundingClientRect();
            if (rect.left < held.left - 1 || rect.right > held.right + 1) says(`${name} sticks out`);
            if (!part.closest('.viewport') && (rect.top < held.top - 1 || rect.bottom > held.bottom + 1))
              says(`${name} is too high`);
            if (part.matches('.who')) {
              const letters = 4 * 0.5 * Number.parseFloat(getComputedStyle(part).fontSize);
              if (rect.right - rect.left < Math.min(rect.text, letters) - 1) says('the name is too short');
            } else if (getComputedStyle(part).overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1)
              says(`${name} is cut`);
            for (const other of seen.slice(index + 1)) {
              if (other.part.closest(HOLDERS) !== holder || part.contains(other.part)) continue;
              const across = Math.min(rect.right, other.rect.right) - Math.max(rect.left, other.rect.left);
              const down = Math.min(rect.bottom, other.rect.bottom) - Math.max(rect.top, other.rect.top);
              if (across > 1 && down > 1) says(`${name} lies on ${other.name}`);
            }
          }
          if (!seen.some(({ name }) => name === 'title')) says('there is no title');
        }
      }
      return [...wrong];
    },
    { widths: WIDTHS, sizes: SIZES },
  );
}

async function inLanguage(page: Page, lang: string): Promise<void> {
  await page.evaluate((to) => {
    window.box.lang = to;
  }, lang);
  await page.locator(`shout-box .box[lang|="${lang}"]:not(.wordless)`).waitFor();
}

const open = (page: Page) => page.locator('.me').click();

const SCENES: Record<string, { scene: string; step?: (page: Page) => Promise<unknown> }> = {
  'that is live': { scene: 'live' },
  'whose menu is open': { scene: 'live', step: open },
  'that is offline': { scene: 'offline' },
  'that is paused': { scene: 'pill' },
  'that rests': { scene: 'resting' },
  'of a guest': { scene: 'guest' },
  'of a moderator': { scene: 'moderating', step: (page) => page.locator('.panel').waitFor() },
  'with messages on their way': { scene: 'sending' },
  'with moderators, and what they removed': { scene: 'moderated' },
  'with groups': { scene: 'groups' },
};

for (const [name, { scene, step }] of Object.entries(SCENES)) {
  test(`a box ${name} fits from 200 to 960 pixels, with text up to 200 %, in every language`, async () => {
    const page = await gallery.open(scene, {
      context: { reducedMotion: 'reduce', viewport: { width: 984, height: 620 } },
    });
    await step?.(page);
    const wrong: Record<string, string[]> = {};
    for (const lang of LANGUAGES) {
      await inLanguage(page, lang);
      await atRest(page);
      const found = await misfits(page);
      if (found.length > 0) wrong[lang] = found;
    }
    expect(wrong).toEqual({});
  });
}

test('where fingers are, the box fits too', async () => {
  const wrong: Record<string, string[]> = {};
  for (const scene of ['live', 'moderating', 'offline']) {
    const context = { hasTouch: true, isMobile: true, viewport: { width: 984, height: 620 } };
    const page = await gallery.open(scene, { context });
    if (scene === 'moderating') await page.locator('.panel').waitFor();
    const found = await misfits(page);
    if (found.length > 0) wrong[scene] = found;
  }
  expect(wrong).toEqual({});
});
