import { expect, test } from 'vitest';
import { MAX_ROWS } from '../../web/element/behaviour/viewport.ts';
import { useGallery } from './gallery.ts';
import { fill, flood, load } from './many.ts';

const gallery = useGallery();
/** Number of messages, one every 100 ms for five minutes. */
const ARRIVALS = 3_000;

test('five minutes of traffic on 10,000 messages: no task over 50 ms, and nothing is left behind', async () => {
  const page = await gallery.open('live');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    return { nodes: value('Nodes'), heap: value('JSHeapUsedSize'), listeners: value('JSEventListeners') };
  };
  await load(page, 10_000);
  await fill(page);
  await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 0));
  await flood(page, 300, 10);
  const before = await measure();
  let longest = 0;
  for (let minute = 0; minute < 5; minute++) longest = Math.max(longest, await flood(page, ARRIVALS / 5, 100));
  const after = await measure();
  console.log({ longest, before, after });
  expect(longest).toBeLessThan(50);
  expect(await page.locator('.message').count()).toBeLessThanOrEqual(MAX_ROWS);
  expect(after.nodes).toBeLessThan(before.nodes * 1.1);
  expect(after.listeners).toBeLessThan(before.listeners * 1.1);
  // Each message stays in memory and takes a few hundred bytes. The limit of 1,000 bytes a message leaves little room
  // for anything else.
  expect(after.heap - before.heap).toBeLessThan(ARRIVALS * 1_000);
}, 600_000);
