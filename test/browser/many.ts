import type { Page } from 'playwright-core';

/** Puts `count` messages into the box, all but the newest page of them out of sight. */
export async function load(page: Page, count: number): Promise<void> {
  await page.evaluate(async (total) => {
    const { client } = window.box;
    const actor = { id: 'bob'.padEnd(22, '_'), name: 'bob' };
    const now = Date.now();
    const messages = Array.from({ length: total }, (_, index) => ({
      seq: total - index,
      id: `${actor.id}:m${total - index}`,
      at: now - index * 1_000,
      actor,
      text: `Message ${total - index} with a link to https://example.org/${index}`,
    }));
    client.change({ feed: { messages, tombstones: new Set() }, position: { epoch: 'gallery', last: total } });
    await window.box.updateComplete;
  }, count);
}

/** Scrolls down until the DOM holds as many rows as it ever may. */
export async function fill(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = window.box.shadowRoot!;
    const scroller = root.querySelector('.scroller')!;
    const rows = () => root.querySelectorAll('.message').length;
    for (let round = 0; round < 40; round++) {
      scroller.scrollTo(0, scroller.scrollHeight);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    return rows();
  });
}

/** Lets `count` messages arrive, `every` ms. @returns the longest task, ms: script, style and layout of one arrival */
export async function flood(page: Page, count: number, every: number): Promise<number> {
  return page.evaluate(
    async ([total, pause]) => {
      const { client } = window.box;
      const actor = { id: 'alice'.padEnd(22, '_'), name: 'alice' };
      let longest = 0;
      for (let i = 0; i < total; i++) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        await new Promise(requestAnimationFrame);
        const before = performance.now();
        client.arrive({
          id: `${actor.id}:${crypto.randomUUID()}`,
          actor,
          type: 'MessagePosted',
          data: { text: `Arrival ${i}` },
        });
        await window.box.updateComplete;
        // Asking for a box makes the browser lay out now, inside the measurement.
        window.box.shadowRoot!.querySelector('.message')!.getBoundingClientRect();
        longest = Math.max(longest, performance.now() - before);
      }
      return longest;
    },
    [count, every] as const,
  );
}
