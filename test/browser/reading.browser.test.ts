import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();
const pill = (page: Page) => page.locator('.pill');
const newest = (page: Page) => page.locator('.message .text').first();

/** Waits two frames, after which changes are painted. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Lets messages of somebody else arrive. */
async function arrive(page: Page, ...texts: string[]): Promise<void> {
  await page.evaluate((lines) => {
    const actor = { id: 'bob'.padEnd(22, '_'), name: 'bob' };
    for (const text of lines) {
      const id = `${actor.id}:${crypto.randomUUID()}`;
      window.box.client.arrive({ id, actor, type: 'MessagePosted', data: { text } });
    }
    return window.box.updateComplete;
  }, texts);
}

test('a new message shows on top of a feed nobody reads', async () => {
  const page = await gallery.open('live');
  await arrive(page, 'fresh');
  expect(await newest(page).textContent()).toBe('fresh');
  expect(await pill(page).count()).toBe(0);
});

const reading: Record<string, (page: Page) => Promise<unknown>> = {
  'has scrolled': async (page) => {
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 200));
    await settled(page);
  },
  'points at the feed': (page) => page.locator('.message').nth(2).hover(),
  'is in the feed with the keyboard': (page) => page.locator('.message').nth(1).focus(),
  'has paused': (page) => page.getByRole('button', { name: 'Pause new messages' }).click(),
};

test.each(Object.entries(reading))(
  'nothing moves while somebody %s; a button counts and shows what waits',
  async (_, read) => {
    const page = await gallery.open('live');
    await read(page);
    const before = await page.locator('.message').nth(2).boundingBox();
    await arrive(page, 'one', 'two', 'three');
    expect(await page.locator('.message').nth(2).boundingBox()).toEqual(before);
    expect((await pill(page).textContent())?.trim()).toBe('3 new messages');
    await pill(page).click();
    expect(await newest(page).textContent()).toBe('three');
    expect(await page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    expect(await pill(page).count()).toBe(0);
  },
);

test('pointing elsewhere lets the waiting messages in', async () => {
  const page = await gallery.open('live');
  await page.locator('.message').nth(1).hover();
  await arrive(page, 'waiting');
  expect(await pill(page).count()).toBe(1);
  await page.mouse.move(5, 610);
  await pill(page).waitFor({ state: 'detached' });
  expect(await newest(page).textContent()).toBe('waiting');
});

test("one's own message shows at once, and stays in sight when it has arrived", async () => {
  const page = await gallery.open('live');
  await page.getByRole('button', { name: 'Pause new messages' }).click();
  await page.locator('textarea').fill('mine');
  await page.locator('textarea').press('Enter');
  expect(await newest(page).textContent()).toBe('mine');
  await page.locator('.delivery').waitFor({ state: 'detached' });
  expect(await newest(page).textContent()).toBe('mine');
});

test('a deletion above does not move what is being read, where the browser anchors and where it does not', async () => {
  for (const anchors of [true, false]) {
    const page = await gallery.open('older');
    await page.evaluate((native) => {
      if (native) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.scroller { overflow-anchor: none }');
      window.box.shadowRoot!.adoptedStyleSheets.push(sheet);
      CSS.supports = () => false;
    }, anchors);
    await page.evaluate(() => {
      const { client } = window.box;
      const { feed } = client.snapshot;
      const messages = feed.messages.map((m) => (m.seq === 538 ? { ...m, text: 'tall '.repeat(100) } : m));
      client.change({ feed: { ...feed, messages } });
    });
    const row = page.locator('.message[data-key$=":c536"]');
    await row.evaluate((element) => element.scrollIntoView());
    await settled(page);
    const before = (await row.boundingBox())!.y;
    await page.evaluate(() => {
      const { id, actor } = window.box.messages.find(({ seq }) => seq === 538)!;
      window.box.client.arrive({
        id: `${actor.id}:d`,
        actor,
        type: 'MessageDeleted',
        data: { target: id, by: actor.id },
      });
    });
    await settled(page);
    expect(Math.abs((await row.boundingBox())!.y - before)).toBeLessThan(2);
    expect(await page.locator('.message[data-key$=":c538"] .text').textContent()).toBe('Message deleted');
  }
});

test('older messages come by the button, and by scrolling to the end', async () => {
  const page = await gallery.open('older');
  expect(await page.locator('.message').count()).toBe(40);
  await page.getByRole('button', { name: 'Show older messages' }).click();
  await page.waitForFunction(() => window.box.shadowRoot!.querySelectorAll('.message').length >= 100);
});

test('an empty feed is not called quiet while there may be older messages', async () => {
  const page = await gallery.open('empty');
  const quiet = page.getByText('It’s quiet in here');
  expect(await quiet.count()).toBe(1);
  await page.evaluate(() => window.box.client.change({ hasOlder: true, loadingOlder: true }));
  await page.getByRole('img', { name: 'Loading messages' }).waitFor();
  expect(await quiet.count()).toBe(0);
  await page.evaluate(() => window.box.client.change({ loadingOlder: false }));
  await page.getByRole('button', { name: 'Show older messages' }).waitFor();
  expect(await quiet.count()).toBe(0);
});

test('unread messages are counted in shout-state and, where asked, in the page title', async () => {
  const page = await gallery.open('live');
  await page.evaluate(() => {
    document.title = 'A page';
    window.box.unreadTitle = true;
    window.box.addEventListener('shout-state', ({ detail }) => {
      document.body.dataset.unread = String(detail.unread);
    });
  });
  await page.getByRole('button', { name: 'Pause new messages' }).click();
  await arrive(page, 'one', 'two');
  expect(await page.title()).toBe('(2) A page');
  expect(await page.locator('body').getAttribute('data-unread')).toBe('2');
  await pill(page).click();
  await page.waitForFunction(() => document.title === 'A page');
});

test('a screen reader hears how many where announce is "count", and of a lost and found connection', async () => {
  const page = await gallery.open('live');
  const heard = (text: string) =>
    page.waitForFunction(
      (expected) => window.box.shadowRoot!.querySelector('.announcer')!.textContent === expected,
      text,
    );
  await page.evaluate(() => {
    window.box.announce = 'count';
  });
  await arrive(page, 'one');
  await heard('1 new message');
  await page.evaluate(() => window.box.client.change({ connection: 'offline' }));
  await heard('Offline, trying again');
  await page.evaluate(() => {
    for (const connection of ['connecting', 'catching-up', 'live'] as const) window.box.client.change({ connection });
  });
  await heard('Live');
});

test('a screen reader hears a burst as one sentence, and nothing where announce is off', async () => {
  const page = await gallery.open('live');
  const region = page.getByRole('status').last();
  await arrive(page, 'one');
  await page.waitForFunction(() => window.box.shadowRoot!.querySelector('[role=status]')!.textContent === 'bob: one');
  await arrive(page, '1', '2', '3', '4');
  await page.waitForFunction(
    () => window.box.shadowRoot!.querySelector('[role=status]')!.textContent === '4 new messages',
  );
  await page.evaluate(() => {
    window.box.announce = 'off';
  });
  await arrive(page, 'unheard');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
  expect(await region.textContent()).toBe('4 new messages');
});
