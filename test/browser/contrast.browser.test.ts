import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();

/**
 * Finds the text with the lowest contrast. Paints the backgrounds and the text colour on a canvas, one over the other,
 * and reads the pixel. axe is not used, because it gives no result where boxes overlap, as in a scrolling feed.
 *
 * @returns `what`: the text; `ratio`: its contrast; `of`: how many texts were measured
 */
function worstContrast(
  page: Page,
  theme: 'light' | 'dark',
  among = '*',
): Promise<{ what: string; ratio: number; of: number }> {
  return page.evaluate(
    async ([wanted, selector]) => {
      document.documentElement.dataset.theme = window.box.theme = wanted;
      await window.box.updateComplete;
      const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const luminance = (layers: readonly { color: string; opacity: number }[]) => {
        paint.globalAlpha = 1;
        paint.clearRect(0, 0, 1, 1);
        for (const { color, opacity } of layers) {
          paint.globalAlpha = opacity;
          paint.fillStyle = color;
          paint.fillRect(0, 0, 1, 1);
        }
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((value) => {
          const channel = value / 255;
          return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const behind = (element: Element | null): { color: string; opacity: number }[] =>
        element
          ? [...behind(element.parentElement), { color: getComputedStyle(element).backgroundColor, opacity: 1 }]
          : [];
      const texts = [...window.box.shadowRoot!.querySelectorAll<HTMLElement>(selector)].filter(
        (element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim()) &&
          !element.closest('svg, .announcer') &&
          element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
      );
      const contrasts = texts.map((element) => {
        const { color, opacity } = getComputedStyle(element);
        const back = behind(element);
        const [light, dark] = [luminance(back), luminance([...back, { color, opacity: Number(opacity) }])].sort(
          (a, b) => b - a,
        );
        return {
          what: `${element.className || element.localName}: ${element.textContent!.trim().slice(0, 20)}`,
          ratio: (light! + 0.05) / (dark! + 0.05),
        };
      });
      return { ...contrasts.sort((a, b) => a.ratio - b.ratio)[0]!, of: contrasts.length };
    },
    [theme, among] as const,
  );
}

test.each(['live', 'sending', 'guest', 'longDraft', 'limited', 'pill', 'members', 'offline', 'older', 'themed'])(
  'every text in "%s" has a contrast of 4.5 to 1, light and dark',
  async (scene) => {
    const page = await gallery.open(scene, { context: { reducedMotion: 'reduce' } });
    for (const theme of ['light', 'dark'] as const) {
      const { what, ratio, of } = await worstContrast(page, theme);
      expect(of).toBeGreaterThan(3);
      expect(ratio, `${what}, ${theme}`).toBeGreaterThanOrEqual(4.5);
    }
  },
);

test.each([
  'transparent',
  '#0066ff66',
  '#8a8a8a',
  '#767676',
  '#ff0000',
  '#c80000',
  '#008a00',
  '#2f6fed',
  '#7a5cff',
  '#00e5ff',
  '#ffffff',
  '#000000',
  'color(display-p3 0 1 0)',
  'oklch(0.62 0.25 300)',
])('text on an accent of %s has a contrast of 4.5 to 1, light and dark', async (accent) => {
  const page = await gallery.open('pill', { context: { reducedMotion: 'reduce' } });
  await page.getByRole('textbox').fill('something');
  await page.evaluate((color) => {
    window.box.style.setProperty('--shout-accent', color);
    // Adds a text to the button, because only text is measured, and the button has only an SVG arrow.
    window.box.shadowRoot!.querySelector('.send')!.append('↑');
  }, accent);
  for (const theme of ['light', 'dark'] as const) {
    const { what, ratio, of } = await worstContrast(page, theme, '.send, .you, .pill');
    expect(of).toBe(3);
    expect(ratio, `${what}, ${theme}`).toBeGreaterThanOrEqual(4.5);
  }
});

test('a colour of the page that is too pale is found', async () => {
  const page = await gallery.open('live', { context: { reducedMotion: 'reduce' } });
  await page.evaluate(() => window.box.style.setProperty('--shout-muted', '#bbb'));
  const { what, ratio } = await worstContrast(page, 'light');
  expect(ratio).toBeLessThan(2);
  expect(what).toContain('ago');
});
