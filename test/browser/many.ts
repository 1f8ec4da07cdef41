import type { Page } from 'playwright-core';

/** Puts `count` messages into the box, which renders only the newest of them. */
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

/**
 * Scrolls to the end 40 times. Each time, the box adds rows at the end. Once the DOM holds as many rows as the box
 * allows, the box also removes rows at the top.
 * @returns the number of rows in the DOM
 */
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
 * Lets `count` messages arrive, one every `every` ms.
 * @returns the processor time of the main thread's longest task meanwhile, ms. Time in which the processor does
 * something else does not count.
 */
export async function flood(page: Page, count: number, every: number): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  const events: Traced[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as Traced[]).filter(({ name }) => name === 'RunTask' || name === 'thread_name'));
  });
  const traceConfig = { excludedCategories: ['*'], includedCategories: ['disabled-by-default-devtools.timeline'] };
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  for (let i = 0; i < count; i++) {
    const next = new Promise((resolve) => setTimeout(resolve, every));
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
    await next;
  }
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
  await devtools.send('Tracing.end');
  await complete;
  await devtools.detach();
  const isMain = ({ name, args }: Traced) => name === 'thread_name' && args?.name === 'CrRendererMain';
  const main = new Set(events.filter(isMain).map(threadOf));
  const tasks = events.filter((event) => event.name === 'RunTask' && main.has(threadOf(event)));
  // The task in which tracing began has no duration.
  const times = tasks.flatMap(({ tdur }) => tdur ?? []);
  if (times.length < count) throw new Error(`Of ${count} arrivals the browser traced ${times.length} tasks.`);
  return Math.max(...times) / 1_000;
}

/** An event of Chromium's trace. `tdur` is the processor time that the event took, µs. */
interface Traced {
  name: string;
  pid: number;
  tid: number;
  tdur?: number;
  args?: { name?: string };
}

const threadOf = ({ pid, tid }: Traced): string => `${pid}:${tid}`;
