import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useGallery } from './gallery.ts';

const gallery = useGallery();
const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
const sent = (page: Page) => page.evaluate(() => window.box.client.sent);
const menu = async (page: Page) => {
  const button = row(page, 'night bus').getByRole('button', { name: 'Moderate message' });
  await row(page, 'night bus').hover();
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Moderate message' });
  await dialog.waitFor();
  return dialog;
};

test('nobody but moderators has the menu and the panel, or fetches them', async () => {
  const page = await gallery.open('live');
  await page.getByRole('button', { name: 'Report message' }).first().waitFor();
  expect(await page.getByRole('button', { name: /Moderat/ }).count()).toBe(0);
  expect(await page.evaluate(() => window.box.client.calls)).not.toContain('reports');
});

describe('the menu of a message', () => {
  test('does nothing before something is chosen, nor at a double-click', async () => {
    const page = await gallery.open('moderating');
    const button = row(page, 'night bus').getByRole('button', { name: 'Moderate message' });
    await row(page, 'night bus').hover();
    await button.dblclick({ force: true });
    const dialog = page.getByRole('dialog', { name: 'Moderate message' });
    await dialog.getByRole('button', { name: 'Apply' }).click({ force: true });
    expect(await sent(page)).toEqual([]);
  });

  test('removes the message and bans its author for a day, hiding what they said, with the reason', async () => {
    const page = await gallery.open('moderating', { context: { viewport: { width: 304, height: 620 } } });
    const dialog = await menu(page);
    await dialog.getByRole('checkbox', { name: 'Remove this message' }).check();
    await dialog.getByRole('combobox', { name: 'Ban this person' }).selectOption('For a day');
    await dialog.getByRole('checkbox', { name: 'Hide everything this person said' }).check();
    await dialog.getByRole('combobox', { name: 'Reason' }).selectOption('Spam');
    const { scroll, client } = await dialog.evaluate(({ scrollWidth: scroll, clientWidth: client }) => ({
      scroll,
      client,
    }));
    expect(scroll).toBe(client);
    const distances = await dialog.locator('label').evaluateAll((labels) => {
      const ends = labels.map((label) => {
        const range = document.createRange();
        range.selectNodeContents(label);
        return range.getBoundingClientRect();
      });
      return ends.slice(1).map(({ top }, index) => top - ends[index]!.bottom);
    });
    expect(Math.min(...distances), 'no row touches the next').toBeGreaterThan(3);
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const person = 'dave'.padEnd(22, '_');
    expect(await sent(page)).toMatchObject([
      { action: 'deleteMessage', reason: 'spam' },
      { action: 'banPerson', person, seconds: 86_400, hide: true, reason: 'spam' },
    ]);
    // The deleted message has no menu button any more, so its row gets the focus. Until then, the button may have it.
    expect(await page.evaluate(() => window.box.shadowRoot!.activeElement?.localName)).toMatch(/article|button/);
  });

  test('Escape leaves it, and the focus is where it was', async () => {
    const page = await gallery.open('moderating');
    await menu(page);
    await page.keyboard.press('Escape');
    expect(await sent(page)).toEqual([]);
    const name = await page.evaluate(() => window.box.shadowRoot!.activeElement?.getAttribute('aria-label'));
    expect(name).toBe('Moderate message');
  });
});

test('the panel shows reports and bans, ends a ban, and changes the rules', async () => {
  const page = await gallery.open('moderating');
  await page.getByRole('button', { name: 'Moderation 1' }).click();
  const panel = page.getByRole('dialog', { name: 'Moderation' });
  await panel.getByText('1 × Off topic').waitFor();
  await panel.getByRole('button', { name: 'End ban' }).click();
  const slow = panel.getByRole('combobox', { name: 'Slow mode' });
  const lock = panel.getByRole('checkbox', { name: 'Only moderators write' });
  await slow.selectOption('30 s between messages');
  await lock.click();
  const controls = async () => [await slow.inputValue(), await lock.isChecked()];
  await expect.poll(controls, { message: 'a change that no event confirms', timeout: 20_000 }).toEqual(['0', false]);
  expect(await sent(page)).toEqual([
    { action: 'unbanPerson', person: 'erin'.padEnd(22, '_') },
    { action: 'changeRoom', slow: 30 },
    { action: 'changeRoom', locked: true },
  ]);
  await page.evaluate(() => {
    const actor = { id: 'm'.repeat(22), name: 'mod' };
    window.box.client.arrive({ id: `${actor.id}:1`, actor, type: 'RoomChanged', data: { locked: true, slow: 30 } });
  });
  await expect.poll(() => lock.isChecked()).toBe(true);
  expect(await slow.inputValue()).toBe('30');
  await panel.getByRole('button', { name: 'Moderate message' }).click();
  const menu = page.getByRole('dialog', { name: 'Moderate message' });
  await menu.waitFor();
  expect(await menu.evaluate((element) => element.matches(':modal'))).toBe(true);
  // The dialog is centred in the page, which is 424 pixels wide. Outside of the top layer, it would be cut at the edge
  // of the box.
  const box = await menu.boundingBox();
  expect(box!.x * 2 + box!.width).toBeCloseTo(424, 0);
});

test('speaks the language of the box, also where that changes', async () => {
  const page = await gallery.open('moderating');
  await page.getByRole('button', { name: 'Moderation 1' }).waitFor();
  await page.evaluate(() => window.box.setAttribute('lang', 'fr'));
  await page.getByRole('button', { name: 'Modération 1' }).click();
  const panel = page.getByRole('dialog', { name: 'Modération' });
  await panel.getByText('Hors sujet').waitFor();
  await panel.getByRole('button', { name: 'Fermer' }).waitFor();
});
