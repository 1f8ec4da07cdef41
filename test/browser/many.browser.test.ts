import { expect, test } from 'vitest';
import { MAX_ROWS } from '../../web/element/behaviour/viewport.ts';
import { useGallery } from './gallery.ts';
import { fill, flood, load } from './many.ts';

const gallery = useGallery();

test('with 10,000 messages, one that arrives takes no task over 50 ms', async () => {
  const page = await gallery.open('live');
  await load(page, 10_000);
  const atTheTop = await flood(page, 20, 100);
  const rows = await fill(page);
  const whileReading = await flood(page, 20, 100);
  console.log(`longest task at the top ${atTheTop.toFixed(1)} ms, with ${rows} rows ${whileReading.toFixed(1)} ms`);
  expect(rows).toBeLessThanOrEqual(MAX_ROWS);
  expect(Math.max(atTheTop, whileReading)).toBeLessThan(50);
}, 180_000);

test('down through 2,000 messages and up again to the newest, the DOM stays capped', async () => {
  const page = await gallery.open('live');
  await load(page, 2_000);
  expect(await fill(page)).toBeLessThanOrEqual(MAX_ROWS);
  const { low, high, moved } = await page.evaluate(async () => {
    const root = window.box.shadowRoot!;
    const scroller = root.querySelector('.scroller')!;
    const first = () => Number(root.querySelector('.message .text')!.textContent!.split(' ')[1]);
    const low = first();
    let moved = 0;
    for (let round = 0; round < 200 && first() < 2_000; round++) {
      scroller.scrollTo(0, 0);
      const top = root.querySelector('.message')!;
      const before = top.getBoundingClientRect().top;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      moved = Math.max(moved, Math.abs(top.getBoundingClientRect().top - before));
    }
    return { low, high: first(), moved };
  });
  expect(low).toBeLessThan(2_000);
  expect(high).toBe(2_000);
  // Rows that come back into the DOM have estimated heights until they are drawn, so what is in view may move a little.
  // A jump to the newest message would move it further.
  expect(moved).toBeLessThan(400);
  expect(await page.locator('.message').count()).toBeLessThanOrEqual(MAX_ROWS);
}, 180_000);
