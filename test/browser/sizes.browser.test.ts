import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { atRest, useGallery } from './gallery.ts';

const gallery = useGallery();

/** Returns options for a page whose root element has this font size. */
const withRoot = (fontSize: string) => ({
  before: (page: Page) =>
    page.addInitScript((size) => {
      document.addEventListener('DOMContentLoaded', () => {
        document.documentElement.style.fontSize = size;
      });
    }, fontSize),
});
const measure = (page: Page) =>
  page.evaluate(() => ({
    height: window.box.getBoundingClientRect().height,
    text: Number.parseFloat(getComputedStyle(window.box.shadowRoot!.querySelector('.text')!).fontSize),
    avatar: window.box.shadowRoot!.querySelector('.message .avatar')!.getBoundingClientRect().width,
  }));

test('a page with html { font-size: 62.5% } gets no smaller box', async () => {
  const usual = await measure(await gallery.open('live'));
  const small = await measure(await gallery.open('live', withRoot('62.5%')));
  expect(small.height).toBe(usual.height);
  expect(small.text).toBeGreaterThanOrEqual(14);
});

test('a reader who asks for text of 200 % gets it, and pictures grow with it', async () => {
  const context = { viewport: { width: 900, height: 620 } };
  const usual = await measure(await gallery.open('live', { context }));
  const large = await measure(await gallery.open('live', { context, ...withRoot('200%') }));
  expect(large.text).toBe(2 * usual.text);
  expect(large.avatar).toBe(2 * usual.avatar);
});

test('the text is as large as that of the page around it', async () => {
  const page = await gallery.open('live');
  await page.evaluate(() => {
    document.body.style.fontSize = '20px';
  });
  expect((await measure(page)).text).toBe(18.75);
});

test('where fingers are, every target is at least 44 by 44 pixels', async () => {
  for (const scene of ['live', 'sending', 'guest', 'older', 'pill', 'offline', 'long']) {
    const page = await gallery.open(scene, { context: { hasTouch: true, isMobile: true } });
    await atRest(page);
    const small = await page.evaluate(() =>
      [...window.box.shadowRoot!.querySelectorAll('button')]
        .filter((button) => button.checkVisibility())
        .map((button) => ({ button: button.outerHTML, rect: button.getBoundingClientRect() }))
        .filter(({ rect }) => rect.width < 44 || rect.height < 44)
        .map(({ button }) => button),
    );
    expect(small, scene).toEqual([]);
  }
});

test('where fingers are, no button of a message lies on its text, however many there are and whatever they ask', async () => {
  for (const [scene, width] of [
    ['live', 280],
    ['moderating', 280],
    ['moderating', 424],
  ] as const) {
    const context = { hasTouch: true, isMobile: true, viewport: { width, height: 620 } };
    const page = await gallery.open(scene, { context });
    const overlaps = () =>
      page.evaluate(() =>
        [...window.box.shadowRoot!.querySelectorAll('article')].flatMap((article) => {
          const texts = [...article.querySelectorAll('.text, .meta')].map((text) => {
            const range = document.createRange();
            range.selectNodeContents(text);
            const { top, bottom, right } = range.getBoundingClientRect();
            // Text beyond the right edge of its element is cut off, so it cannot lie under a button.
            return { top, bottom, right: Math.min(right, text.getBoundingClientRect().right) };
          });
          const buttons = [...article.querySelectorAll('.line > :not(.said) button, .line > :not(.said) > button')];
          return buttons
            .map((button) => ({ words: button.textContent || button.ariaLabel, rect: button.getBoundingClientRect() }))
            .filter(({ rect }) =>
              texts.some((text) => text.right > rect.left && text.top < rect.bottom - 1 && text.bottom > rect.top + 1),
            )
            .map(({ words }) => words);
        }),
      );
    const remove = page.getByRole('button', { name: 'Delete message' });
    await remove.waitFor();
    expect(await overlaps(), scene).toEqual([]);
    await remove.click();
    await page.getByRole('button', { name: 'Delete?' }).waitFor();
    expect(await overlaps(), scene).toEqual([]);
  }
});

test('where fingers are, every target of a dialog is at least 44 pixels high', async () => {
  const small = (page: Page) =>
    page.getByRole('dialog').evaluate((dialog) =>
      [...dialog.querySelectorAll('button, select, label, summary, input')]
        .filter((target) => target.checkVisibility() && !target.parentElement!.closest('label'))
        .filter((target) => target.getBoundingClientRect().height < 44)
        .map((target) => target.outerHTML.slice(0, 120)),
    );
  const context = { hasTouch: true, isMobile: true, viewport: { width: 304, height: 620 } };
  for (const [scene, button] of [
    ['live', 'Report message'],
    ['moderating', 'Moderate message'],
    ['moderating', /^Moderation/],
  ] as const) {
    const page = await gallery.open(scene, { context });
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').getByRole('button').first().waitFor();
    expect(await small(page), `${button}`).toEqual([]);
  }
});

test('without a theme the box is as light or dark as its page, whatever the system is', async () => {
  const page = await gallery.open('live', { context: { colorScheme: 'dark' } });
  const background = await page.evaluate(async () => {
    document.documentElement.style.colorScheme = 'light';
    const box = document.createElement('shout-box');
    document.body.append(box);
    await box.updateComplete;
    return getComputedStyle(box.shadowRoot!.querySelector('.box')!).backgroundColor;
  });
  expect(background).toBe('rgb(255, 255, 255)');
});

test('what a page puts into a slot has the padding of the box', async () => {
  const page = await gallery.open('empty');
  const { box, footer, empty } = await page.evaluate(async () => {
    const add = (slot: string) => {
      const element = document.createElement('div');
      element.slot = slot;
      element.textContent = slot;
      window.box.append(element);
      return element;
    };
    const [footer, empty] = [add('footer'), add('empty')];
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const left = (element: Element) => element.getBoundingClientRect().left;
    return { box: left(window.box), footer: left(footer), empty: left(empty) };
  });
  expect(footer - box).toBeGreaterThan(15);
  expect(empty - box).toBeGreaterThan(15);
});

describe.each([
  ['light', '#ffffff'],
  ['light', '#f4f4f0'],
  ['dark', '#17151d'],
  ['dark', '#000000'],
] as const)('in a %s box an accent of %s, near the background,', (theme, accent) => {
  test('leaves buttons an edge and links an underline, 3 to 1', async () => {
    const page = await gallery.open('live', { query: `theme=${theme}` });
    await page.getByRole('textbox').fill('something');
    const ratios = await page.evaluate((color) => {
      window.box.style.setProperty('--shout-accent', color);
      const root = window.box.shadowRoot!;
      const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const luminance = (...layers: string[]) => {
        for (const layer of layers) {
          paint.fillStyle = layer;
          paint.fillRect(0, 0, 1, 1);
        }
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((value) =>
          value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const style = (selector: string) => getComputedStyle(root.querySelector(selector)!);
      const { backgroundColor } = style('.box');
      const colors = {
        send: style('.send').boxShadow.replace(/ 0px.*/, ''),
        link: style('.text a').textDecorationColor,
      };
      return Object.entries(colors).map(([name, value]) => {
        const [a, b] = [luminance(backgroundColor), luminance(backgroundColor, value)].sort((x, y) => y - x);
        return { name, ratio: (a! + 0.05) / (b! + 0.05) };
      });
    }, accent);
    for (const { name, ratio } of ratios) expect(ratio, name).toBeGreaterThanOrEqual(3);
  });
});
