import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();

test('nothing on the page shifts while the box loads', async () => {
  const page = await gallery.open('loading', {
    before: (page) =>
      page.addInitScript(() => {
        let shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifted += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        Object.assign(window, { shifted: () => shifted });
      }),
  });
  const height = (await page.locator('shout-box').boundingBox())!.height;
  await page.evaluate(async () => {
    const { client } = window.box;
    const actor = { id: 'bob'.padEnd(22, '_'), name: 'bob' };
    const messages = [3, 2, 1].map((seq) => ({ seq, id: `${actor.id}:${seq}`, at: Date.now(), actor, text: 'hello' }));
    client.change({ connection: 'live', feed: { messages, pending: new Map() } });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  expect(await page.locator('.message').count()).toBe(3);
  expect((await page.locator('shout-box').boundingBox())!.height).toBe(height);
  expect(await page.evaluate(() => (window as unknown as { shifted: () => number }).shifted())).toBeLessThan(0.001);
});

test('the page decides on its height, also to the full', async () => {
  const page = await gallery.open('live');
  for (const [property, value] of [
    ['height', '300px'],
    ['--shout-height', '300px'],
    ['height', '100dvh'],
  ] as const) {
    await page.evaluate(
      ([name, to]) => {
        window.box.removeAttribute('style');
        window.box.style.setProperty(name, to);
      },
      [property, value] as const,
    );
    const { height } = (await page.locator('.box').boundingBox())!;
    expect(height).toBe(value === '300px' ? 300 : 620);
  }
});

test('in a narrow box words give way to "Retry now", and a long placeholder keeps its line', async () => {
  const lines = (element: Element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getClientRects().length;
  };
  const offline = await gallery.open('offline');
  await offline.evaluate(() => {
    window.box.style.letterSpacing = '0.12em';
  });
  expect(await offline.getByRole('button', { name: 'Retry now' }).evaluate(lines)).toBe(1);
  const guest = await gallery.open('guest', { context: { viewport: { width: 304, height: 620 } } });
  await guest.evaluate(() => {
    window.box.strings = { placeholder: 'Shout something to everybody' };
  });
  const field = guest.getByRole('textbox');
  await expect.poll(() => field.getAttribute('placeholder')).toBe('Shout something to everybody');
  expect(await field.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
});

test('with forced colours every control keeps an edge', async () => {
  const page = await gallery.open('live', { context: { forcedColors: 'active' } });
  const edges = await page.evaluate(() =>
    [...window.box.shadowRoot!.querySelectorAll('button, .field')].map(
      (element) => getComputedStyle(element).borderTopStyle,
    ),
  );
  expect(new Set(edges)).toEqual(new Set(['solid']));
});

test('with reduced motion nothing moves', async () => {
  const animations = (page: Page) => page.evaluate(() => window.box.shadowRoot!.getAnimations().length);
  expect(await animations(await gallery.open('loading', { context: { reducedMotion: 'reduce' } }))).toBe(0);
  expect(await animations(await gallery.open('loading'))).toBeGreaterThan(0);
});

test('theme="auto" follows the system, theme="page" the page', async () => {
  const background = async (colorScheme: 'light' | 'dark', theme: string, page_: string) => {
    const page = await gallery.open('live', { context: { colorScheme } });
    const color = await page.evaluate(
      async ([boxTheme, pageScheme]) => {
        document.documentElement.style.colorScheme = pageScheme;
        window.box.theme = boxTheme as 'auto';
        await window.box.updateComplete;
        return getComputedStyle(window.box.shadowRoot!.querySelector('.box')!).backgroundColor;
      },
      [theme, page_] as const,
    );
    return color;
  };
  const [light, dark] = [await background('light', 'auto', 'light'), await background('dark', 'auto', 'light')];
  expect(light).not.toBe(dark);
  expect(await background('light', 'page', 'dark')).toBe(dark);
  expect(await background('dark', 'page', 'light')).toBe(light);
  expect(await background('dark', 'light', 'dark')).toBe(light);
});
