import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();
const narrow = { context: { viewport: { width: 304, height: 620 } } };
const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
const sent = (page: Page) => page.evaluate(() => window.box.client.sent);
const focused = (page: Page) => page.evaluate(() => window.box.shadowRoot!.activeElement?.getAttribute('aria-label'));

describe('a rule of the room, to the person concerned,', () => {
  test('says until when they are banned', async () => {
    const page = await gallery.open('banned', narrow);
    const said = page.getByRole('status').filter({ hasText: 'You are banned from this room until' });
    await said.waitFor();
    expect(await said.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  test('says so in their language', async () => {
    const page = await gallery.open('banned', { query: 'lang=ar' });
    await page.evaluate(() => window.box.setAttribute('lang', 'de'));
    await page.getByText(/^Du bist bis .* aus diesem Raum ausgeschlossen/).waitFor();
  });

  test('says that only moderators write, until they are let in, also after a message was refused', async () => {
    const page = await gallery.open('locked');
    const said = page.getByText('Only moderators write here at the moment.');
    await said.waitFor();
    await page.evaluate(() => {
      const { client } = window.box;
      const error = { code: 'forbidden' as const, message: '', rule: 'locked' as const };
      const refused = { clientMessageId: 'refused', text: 'me too', at: Date.now(), state: 'failed' as const, error };
      client.change({ outgoing: [refused] });
      const actor = { id: 'm'.repeat(22), name: 'mod' };
      client.arrive({ id: `${actor.id}:1`, actor, type: 'RoomChanged', data: { locked: false } });
    });
    await said.waitFor({ state: 'detached' });
  });

  test('counts down after a message in slow mode, and sends nothing meanwhile', async () => {
    const page = await gallery.open('slow');
    await page.waitForFunction(() => window.box.shadowRoot!.querySelector('[role=status].note'));
    const field = page.getByRole('textbox');
    await field.fill('first');
    await field.press('Enter');
    await page.getByText(/You can shout again in (2\d|30) seconds/).waitFor();
    await row(page, 'first').waitFor();
    await field.fill('second');
    await field.press('Enter');
    expect(await field.inputValue()).toBe('second');
  });
});

test('the pinned message is on top, whole at a click, and goes when it is deleted', async () => {
  const page = await gallery.open('banned', narrow);
  const pinned = page.locator('.pinned');
  await pinned.waitFor();
  const text = pinned.locator('p');
  expect(await text.isVisible()).toBe(false);
  await pinned.locator('summary').click();
  expect(await text.textContent()).toContain('lost umbrellas');
  await page.evaluate(() => {
    const { client } = window.box;
    const { id, actor } = client.snapshot.feed.messages.at(-1)!;
    client.arrive({ id: `${actor.id}:d`, actor, type: 'MessageDeleted', data: { target: id, by: actor.id } });
  });
  await pinned.waitFor({ state: 'detached' });
});

test('a box to read in shows the pinned message, and nothing else of writing', async () => {
  const page = await gallery.open('readonly', narrow);
  await page.evaluate(() => {
    const { client } = window.box;
    const { id, seq, actor } = client.snapshot.feed.messages.at(-1)!;
    client.arrive({ id: `${actor.id}:p`, actor, type: 'RoomChanged', data: { pinned: { id, seq }, locked: true } });
  });
  await page.locator('.pinned').filter({ hasText: 'lost umbrellas' }).waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  expect(await page.getByText('Only moderators write').count()).toBe(0);
  expect(await page.evaluate(() => window.box.client.calls)).not.toContain('prepare');
});

describe('reporting a message', () => {
  const open = async (page: Page) => {
    await row(page, 'night bus').hover();
    await row(page, 'night bus').getByRole('button', { name: 'Report message' }).click();
    const dialog = page.getByRole('dialog', { name: 'Report message' });
    // The dialog opens once its texts are loaded from a separate file.
    await dialog.waitFor();
    return dialog;
  };

  test('asks for a reason, sends it once, and says so', async () => {
    const page = await gallery.open('live', narrow);
    const dialog = await open(page);
    const send = dialog.getByRole('button', { name: 'Report message' });
    await send.click({ force: true });
    expect(await sent(page)).toEqual([]);
    await dialog.getByRole('combobox', { name: 'Reason' }).selectOption('abuse');
    await send.click();
    await dialog.getByText('The moderators have been told').waitFor();
    expect(await sent(page)).toMatchObject([{ action: 'reportMessage', reason: 'abuse' }]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await focused(page)).toBe('Report message');
  });

  test('Escape leaves it, and the focus is where it was', async () => {
    const page = await gallery.open('live');
    await open(page);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused(page)).toBe('Report message');
    expect(await sent(page)).toEqual([]);
  });

  test('is not offered for own or deleted messages, nor to guests', async () => {
    const page = await gallery.open('live');
    const offered = (text: string) => row(page, text).getByRole('button', { name: 'Report message' }).count();
    expect(await offered('two tickets')).toBe(0);
    expect(await offered('Message deleted')).toBe(0);
    const guest = await gallery.open('guest');
    expect(await guest.getByRole('button', { name: 'Report message' }).count()).toBe(0);
  });
});
