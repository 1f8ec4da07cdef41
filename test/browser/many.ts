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
    client.change({ feed: { messages, pending: new Map() }, position: { epoch: 'gallery', last: total } });
    await window.box.updateComplete;
  }, count);
}

/** Scrolls down until the DOM holds its most rows. */
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

/**
 * Lets `count` messages arrive, `every` ms.
 * @returns main-thread time of the costliest arrival, ms: script, style, layout and paint of all its tasks. Processor
 *   time, because the clock also counts other processes
 */
export async function flood(page: Page, count: number, every: number): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1_000;
  };
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const next = new Promise((resolve) => setTimeout(resolve, every));
    const before = await spent();
    await page.evaluate(async (text) => {
      const actor = { id: 'alice'.padEnd(22, '_'), name: 'alice' };
      window.box.client.arrive({
        id: `${actor.id}:${crypto.randomUUID()}`,
        actor,
        type: 'MessagePosted',
        data: { text },
      });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }, `Arrival ${i}`);
    longest = Math.max(longest, (await spent()) - before);
    await next;
  }
  await devtools.detach();
  return longest;
}
