import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();
const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });

describe('two people whose names look the same', () => {
  test('both have a short id beside their names, seen and heard', async () => {
    const page = await gallery.open('lookalikes');
    expect(await page.locator('.tag').allTextContents()).toEqual(['Zm9v', 'alic']);
    const names = await page.getByRole('article').evaluateAll((articles) =>
      articles.map((article) => {
        const [who] = article.getAttribute('aria-labelledby')!.split(' ');
        return article.querySelector(`[id="${who}"]`)!.textContent;
      }),
    );
    expect(names).toEqual(['аlice Zm9v', 'alice alic', 'bob']);
    expect(await page.getByRole('article', { name: 'alice alic' }).count()).toBe(1);
  });

  test('a screen reader hears the id of one who arrives, too', async () => {
    const page = await gallery.open('lookalikes');
    await page.evaluate(() => {
      const actor = { id: 'x'.repeat(22), name: 'Alice', skeleton: 'look' };
      window.box.client.arrive({ id: `${actor.id}:1`, actor, type: 'MessagePosted', data: { text: 'me too' } });
    });
    await page.waitForFunction(
      () => window.box.shadowRoot!.querySelector('.announcer')!.textContent === 'Alice xxxx: me too',
    );
  });

  test('nobody has one where all names look different', async () => {
    const page = await gallery.open('live');
    expect(await page.locator('.tag').count()).toBe(0);
  });
});

describe('a room with moderators', () => {
  test('what they say has their badge, seen and heard, however long their name is', async () => {
    const page = await gallery.open('moderated', { context: { viewport: { width: 304, height: 620 } } });
    const badges = page.getByText('Moderator', { exact: true });
    expect(await badges.count()).toBe(2);
    const shown = await badges.evaluateAll((all) =>
      all.map((badge) => badge.getBoundingClientRect().right <= badge.parentElement!.getBoundingClientRect().right),
    );
    expect(shown).toEqual([true, true]);
    expect(await page.getByRole('article', { name: /^alice Moderator/ }).count()).toBe(1);
    expect(await page.getByRole('article', { name: /^me Moderator/ }).count()).toBe(0);
  });

  test('the place of a message says that a moderator removed it, where one did', async () => {
    const page = await gallery.open('moderated');
    expect(await row(page, 'dave').locator('.text').textContent()).toBe('Removed by a moderator');
    expect(await row(page, 'erin').locator('.text').textContent()).toBe('Message deleted');
  });
});

describe('a message of 491 lines', () => {
  const height = (page: Page) => row(page, 'First line').evaluate((element) => element.getBoundingClientRect().height);

  test('shows some twelve lines, and all of them at a click', async () => {
    const page = await gallery.open('long');
    const more = page.getByRole('button', { name: 'Show more' });
    await more.waitFor();
    expect(await more.getAttribute('aria-expanded')).toBe('false');
    expect(await height(page)).toBeLessThan(340);
    await more.click();
    const less = page.getByRole('button', { name: 'Show less' });
    expect(await less.getAttribute('aria-expanded')).toBe('true');
    expect(await height(page)).toBeGreaterThan(9_000);
    await less.click();
    await more.waitFor();
    expect(await height(page)).toBeLessThan(340);
    const { y } = (await row(page, 'First line').boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
  });

  test('shows what the keyboard comes to', async () => {
    const page = await gallery.open('long');
    await page.getByRole('button', { name: 'Show more' }).waitFor();
    await row(page, 'First line').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => window.box.shadowRoot!.activeElement!.textContent)).toBe(
      'https://example.org/end',
    );
    expect(await height(page)).toBeGreaterThan(9_000);
  });

  test('a text that fits has no button, however long it is', async () => {
    const page = await gallery.open('longDraft', { context: { viewport: { width: 900, height: 620 } } });
    await page.getByRole('textbox').fill('x '.repeat(220));
    await page.getByRole('textbox').press('Enter');
    await page.locator('.long').waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await page.locator('.more').isVisible()).toBe(false);
    await page.setViewportSize({ width: 280, height: 620 });
    await page.locator('.more').waitFor();
  });
});

test('messages in a row by one person have one name and one picture, and screen readers hear it at each', async () => {
  const page = await gallery.open('groups');
  const pictures = await page
    .getByRole('article')
    .evaluateAll((articles) => articles.map((article) => article.querySelector('.avatar svg')?.checkVisibility()));
  expect(pictures.filter(Boolean)).toHaveLength(3);
  // Measures only the text, because the button beside it is higher than a line.
  const { height } = (await row(page, 'On my way').locator('.said').boundingBox())!;
  expect(height).toBeLessThan(32);
  for (const text of ['So am I', 'On my way']) {
    expect(await page.getByRole('article', { name: 'carol' }).filter({ hasText: text }).count()).toBe(1);
  }
});

test('a deleted message is one line', async () => {
  const page = await gallery.open('groups');
  for (const gone of await page.locator('.gone .line').all()) {
    expect((await gone.boundingBox())!.height).toBeLessThan(32);
  }
});

test('addresses without a scheme are links', async () => {
  const page = await gallery.open('groups');
  const hrefs = await row(page, 'Anyone for coffee')
    .locator('a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(hrefs).toEqual(['https://www.example.org/', 'mailto:cafe@example.org']);
});

describe('what is new since the last visit', () => {
  const seenRows = (page: Page) =>
    page
      .getByRole('article')
      .evaluateAll((articles) => articles.map((article) => article.querySelector('.seen')?.textContent?.trim() ?? ''));

  test('is divided from what was seen', async () => {
    const page = await gallery.open('live', {
      before: (page) =>
        page.addInitScript(() => localStorage.setItem('shout-box:seen::live', '{"epoch":"gallery","seq":6}')),
    });
    expect(await seenRows(page)).toEqual(['', '', 'Already seen', '', '', '', '', '']);
  });

  test('also where the page was in the background', async () => {
    const page = await gallery.open('live');
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        return window.box.updateComplete;
      }, hidden);
    const arrive = (text: string) =>
      page.evaluate((said) => {
        const { actor } = window.box.messages.find(({ actor }) => actor.name === 'bob')!;
        const id = `${actor.id}:${said}`;
        window.box.client.arrive({ id, actor, type: 'MessagePosted', data: { text: said } });
        return window.box.updateComplete;
      }, text);
    await hide(true);
    await arrive('meanwhile');
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2)));
    await hide(false);
    expect((await seenRows(page)).slice(0, 2)).toEqual(['', 'Already seen']);
    await hide(true);
    await hide(false);
    await arrive('and now');
    expect((await seenRows(page)).filter(Boolean)).toEqual([]);
  });

  test('is not said of a room that was never seen, or of one that is numbered anew', async () => {
    const page = await gallery.open('live', {
      before: (page) =>
        page.addInitScript(() => localStorage.setItem('shout-box:seen::live', '{"epoch":"another","seq":6}')),
    });
    expect((await seenRows(page)).filter(Boolean)).toEqual([]);
  });
});
