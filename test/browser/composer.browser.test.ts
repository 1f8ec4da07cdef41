import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();

test('Enter sends, Shift and Enter break the line', async () => {
  const page = await gallery.open('live');
  const field = page.getByRole('textbox');
  await field.pressSequentially('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  expect(await field.inputValue()).toBe('one\ntwo');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('');
  expect(await page.locator('.message .text').first().textContent()).toBe('one\ntwo');
});

test('Enter that picks a candidate of an input method does not send', async () => {
  const page = await gallery.open('live');
  const field = page.getByRole('textbox');
  await field.fill('にほん');
  await field.evaluate((element) => {
    const enter = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
    element.dispatchEvent(new KeyboardEvent('keydown', { ...enter, isComposing: true }));
    element.dispatchEvent(new KeyboardEvent('keydown', { ...enter, keyCode: 229 }));
  });
  expect(await field.inputValue()).toBe('にほん');
});

test('a draft survives a reload', async () => {
  const page = await gallery.open('live');
  await page.getByRole('textbox').fill('not finished');
  await page.reload();
  await page.locator('html.settled').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe('not finished');
});

test('the counter shows near the limit, counts what people count, and stops what is too long', async () => {
  const page = await gallery.open('live');
  const field = page.getByRole('textbox');
  const note = page.locator('.note');
  await field.fill('x'.repeat(300));
  expect(await note.textContent()).toBe('');
  await field.fill('x'.repeat(499));
  expect(await note.textContent()).toBe('1 character left');
  await field.fill(`${'x'.repeat(450)}${'👩‍👩‍👧'.repeat(10)}`);
  expect(await note.textContent()).toBe('40 characters left');
  await field.fill('x'.repeat(502));
  expect(await note.textContent()).toBe('2 characters too many');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.press('Enter');
  expect(await field.inputValue()).toHaveLength(502);
});

test('a rate limit counts down, keeps the text, and lets it go afterwards', async () => {
  const page = await gallery.open('live');
  const field = page.getByRole('textbox');
  await field.fill('in a hurry');
  await page.evaluate(() => window.box.client.change({ rateLimitedUntil: Date.now() + 2_500 }));
  expect(await page.locator('.note').textContent()).toBe('You can shout again in 3 seconds');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('in a hurry');
  await page.waitForFunction(() => window.box.shadowRoot!.querySelector('.note')!.textContent === '');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('');
});

test('a page can change a message before it is sent, or stop it', async () => {
  const page = await gallery.open('live');
  await page.evaluate(() => {
    window.box.addEventListener('shout-before-send', (event) => {
      if (event.detail.text === 'stop') event.preventDefault();
      event.detail.text = event.detail.text.replace('darn', '****');
    });
  });
  const field = page.getByRole('textbox');
  await field.fill('darn it');
  await field.press('Enter');
  expect(await page.locator('.message .text').first().textContent()).toBe('**** it');
  await field.fill('stop');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('stop');
});

test('a failed message can be given up', async () => {
  const page = await gallery.open('sending');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.waitForFunction(() => window.box.client.snapshot.outgoing.length === 2);
  expect(await page.locator('.failed').count()).toBe(0);
});

test('a draft waits for the sign-in: Enter opens the window and keeps the text', async () => {
  const page = await gallery.open('guest');
  const field = page.getByRole('textbox');
  await field.fill('hello from a guest');
  await Promise.all([page.waitForEvent('popup'), field.press('Enter')]);
  expect(await field.inputValue()).toBe('hello from a guest');
});

describe('where the page has a session of its own, Enter before the person is known', () => {
  const SAID = 'You are not signed in yet. Your message is sent as soon as you are.';
  const signIn = (page: Page) => page.evaluate(() => window.box.client.change({ signedIn: true }));
  const open = async () => {
    const page = await gallery.open('guest');
    await page.evaluate(() => {
      window.box.getToken = async () => undefined;
    });
    const field = page.getByRole('textbox');
    await field.fill('too early');
    await field.press('Enter');
    await page.getByRole('status').filter({ hasText: SAID }).waitFor();
    expect(await field.inputValue()).toBe('too early');
    return { page, field };
  };

  test('says so, and sends the text once they are', async () => {
    const { page, field } = await open();
    await signIn(page);
    await page.locator('.message .text').filter({ hasText: 'too early' }).waitFor();
    expect(await field.inputValue()).toBe('');
    expect(await page.getByText(SAID).count()).toBe(0);
  });

  test('sends nothing that was changed since', async () => {
    const { page, field } = await open();
    await field.press('!');
    expect(await page.getByText(SAID).count()).toBe(0);
    await signIn(page);
    await page.evaluate(() => window.box.updateComplete);
    expect(await field.inputValue()).toBe('too early!');
    expect(await page.evaluate(() => window.box.client.snapshot.outgoing)).toEqual([]);
  });
});
