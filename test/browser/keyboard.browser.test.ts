import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { atRest, useGallery } from './gallery.ts';

const gallery = useGallery();

/** Returns the `data-key`, the label or the text of the focused element inside the box. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = window.box.shadowRoot!.activeElement;
    return (
      element?.getAttribute('data-key') ?? element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
    );
  });
}

test('Tab reaches every control once, the feed as one row with its buttons, each with a visible focus', async () => {
  // A page of its own, because Firefox gives a page that Tab has left no focus events any more.
  const page = await gallery.open('older', { before: async () => {} });
  const seen: string[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    // WebKit's window has nothing else to focus, so Tab returns to the first control.
    if (!name || name === seen[0]) break;
    seen.push(name);
    const outlined = await page.evaluate(() => {
      const element = window.box.shadowRoot!.activeElement!;
      // A text field shows its focus on the frame around it, an article on the line inside it.
      const frame = element.closest('.field') ?? element.querySelector('.line');
      const visible = (node: Element) => getComputedStyle(node).outlineStyle !== 'none';
      return visible(frame ?? element);
    });
    expect(outlined, name).toBe(true);
  }
  expect(seen.map((name) => name.replace(/^[a-z_]+:/, ''))).toEqual([
    'Pause new messages',
    'Signed in as me',
    'Your message',
    'Send',
    'c540',
    'Report message',
    'Show older messages',
  ]);
});

test('Page Down and Page Up walk the articles, Control with Home and End leave the feed', async () => {
  const page = await gallery.open('older');
  await page.locator('.message').first().focus();
  for (const [key, expected] of [
    ['PageDown', 'c539'],
    ['PageDown', 'c538'],
    ['PageUp', 'c539'],
    ['Control+End', 'Show older messages'],
    ['Shift+Tab', 'Report message'],
    ['Shift+Tab', 'c539'],
    ['Control+Home', 'Your message'],
  ] as const) {
    await page.keyboard.press(key);
    expect(await focused(page)).toContain(expected);
  }
});

test('Page Down at the end of what is loaded loads more and goes on', async () => {
  const page = await gallery.open('older');
  await page.locator('.message').last().focus();
  await page.keyboard.press('PageDown');
  await page.waitForFunction(() => window.box.shadowRoot!.activeElement?.getAttribute('data-key')?.endsWith(':c500'));
});

test('an article says who, when, what, and where it stands in the feed', async () => {
  const page = await gallery.open('live');
  const article = page.getByRole('article').first();
  expect(await article.evaluate((element) => element.getAttribute('aria-posinset'))).toBe('1');
  expect(await article.evaluate((element) => element.getAttribute('aria-setsize'))).toBe('8');
  expect(await page.getByRole('article', { name: 'carol now' }).count()).toBe(1);
});

test('a message of one’s own is deleted in two steps, and leaving in between calls it off', async () => {
  const page = await gallery.open('live');
  const own = page.locator('.own').first();
  await own.focus();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Delete message');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('Delete?');
  await page.keyboard.press('Shift+Tab');
  expect(await own.getByRole('button', { name: 'Delete message' }).count()).toBe(1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await own.getByText('Message deleted').waitFor();
  expect(await own.evaluate((element) => element.matches(':focus')), 'the focus stays at the place').toBe(true);
});

test('a double-click deletes no message', async () => {
  const page = await gallery.open('live');
  const own = page.locator('.own').first();
  await own.hover();
  await own.getByRole('button', { name: 'Delete message' }).dblclick();
  expect(await own.getByRole('button', { name: 'Delete?' }).count()).toBe(1);
  expect(await own.getByText('Message deleted').count()).toBe(0);
});

test('a key that is held deletes no message', async () => {
  const page = await gallery.open('live');
  const own = page.locator('.own').first();
  await own.focus();
  await page.keyboard.press('Tab');
  for (let n = 0; n < 5; n++) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  expect(await focused(page)).toBe('Delete?');
  expect(await own.getByText('Message deleted').count()).toBe(0);
});

test('every target is at least 24 by 24 pixels', async () => {
  for (const scene of ['live', 'sending', 'guest', 'older', 'pill']) {
    const page = await gallery.open(scene, { context: { viewport: { width: 264, height: 620 } } });
    await atRest(page);
    const small = await page.evaluate(() =>
      [...window.box.shadowRoot!.querySelectorAll('button')]
        .filter((button) => {
          const { width, height } = button.getBoundingClientRect();
          return width < 24 || height < 24;
        })
        .map((button) => button.outerHTML),
    );
    expect(small).toEqual([]);
  }
});

test('nothing is cut off or scrolls sideways at 240 pixels and at 200 % zoom', async () => {
  for (const scene of ['live', 'guest', 'sending', 'longDraft', 'arabic', 'attacks', 'offline']) {
    const page = await gallery.open(scene, {
      context: { viewport: { width: 264, height: 620 }, deviceScaleFactor: 2 },
    });
    await page.evaluate(() => {
      window.box.style.setProperty('--shout-font-size', '30px');
    });
    const overflow = await page.evaluate(() => {
      const { shadowRoot } = window.box;
      const edge = shadowRoot!.querySelector('.box')!.getBoundingClientRect();
      return [...shadowRoot!.querySelectorAll('button, textarea, .text, .said')]
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const { left, right } = element.getBoundingClientRect();
          return left < edge.left - 1 || right > edge.right + 1;
        })
        .map((element) => element.className);
    });
    expect(overflow, scene).toEqual([]);
  }
});
