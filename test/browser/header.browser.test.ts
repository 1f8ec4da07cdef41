import { expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();

test('a tap on one’s avatar shows who is signed in, and signs nobody out', async () => {
  const page = await gallery.open('live');
  await page.evaluate(() => {
    window.box.signOut = async () => {
      document.body.dataset.signedOut = 'yes';
    };
  });
  await page.getByRole('textbox').fill('not finished');
  const me = page.getByRole('button', { name: 'Signed in as me' });
  const out = page.getByRole('button', { name: 'Sign out' });
  await me.click();
  expect(await me.getAttribute('aria-expanded')).toBe('true');
  await me.click();
  expect(await out.count()).toBe(0);
  await me.click();
  await page.keyboard.press('Escape');
  expect(await out.count()).toBe(0);
  expect(await me.evaluate((element) => element.matches(':focus'))).toBe(true);
  await me.click();
  await page.getByRole('textbox').focus();
  expect(await out.count()).toBe(0);
  expect(await page.getByRole('textbox').inputValue()).toBe('not finished');
  expect(await page.locator('body').getAttribute('data-signed-out')).toBe(null);
  await me.click();
  await out.click();
  expect(await page.locator('body').getAttribute('data-signed-out')).toBe('yes');
});

test('whoever does not want to wait for the next attempt connects now', async () => {
  const page = await gallery.open('offline');
  await page.evaluate(() => window.box.client.calls.splice(0));
  await page.getByRole('button', { name: 'Retry now' }).click();
  expect(await page.evaluate(() => window.box.client.calls)).toContain('wake');
  await page.evaluate(() => window.box.client.change({ connection: 'connecting' }));
  expect(await page.getByRole('button', { name: 'Retry now' }).count()).toBe(0);
});

test('how many are here stands beside the state, while that is live', async () => {
  const page = await gallery.open('live');
  const people = page.locator('[part=status] .people');
  expect(await people.textContent()).toBe('12 here');
  await page.evaluate(() => window.box.client.change({ people: 1_234 }));
  expect(await people.textContent()).toBe('1,234 here');
  await page.evaluate(() => window.box.client.change({ connection: 'offline' }));
  expect(await people.count()).toBe(0);
  await page.evaluate(() => window.box.client.change({ connection: 'live', people: undefined }));
  expect(await people.count()).toBe(0);
});

test('a box that rests says so, and continues as soon as the page is used', async () => {
  const page = await gallery.open('resting');
  expect(await page.locator('[part=status] .label').textContent()).toBe('Paused until you use this page');
  for (const use of [() => page.keyboard.press('Shift'), () => page.mouse.click(1, 1)]) {
    await page.evaluate(() => window.box.client.calls.splice(0));
    await use();
    expect(await page.evaluate(() => window.box.client.calls)).toContain('use');
  }
});

test('a narrow box says in full that it is paused', async () => {
  const page = await gallery.open('pill', { context: { viewport: { width: 304, height: 620 } } });
  const label = page.locator('.status .label');
  expect(await label.textContent()).toBe('Paused');
  const { needs, has } = await label.evaluate(({ scrollWidth: needs, clientWidth: has }) => ({ needs, has }));
  expect(needs).toBe(has);
});
