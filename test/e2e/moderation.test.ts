import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reports } from '../../src/domain/schema.generated.ts';
import { launchBrowser, type TestBrowser } from '../browser/browser.ts';
import { type Stack, startStack } from '../stack.ts';
import { type Visitor, visit } from './visitor.ts';

let stack: Stack & AsyncDisposable;
let browser: TestBrowser;
/** Each test bans alice and lets her in again. bob reports, mira is a moderator, and the guest only reads. */
let alice: Visitor;
let bob: Visitor;
let mira: Visitor;
let guest: Visitor;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const visitors = await Promise.all([1, 2, 3, 4].map(() => visit(browser, stack.web)));
  [alice, bob, mira, guest] = visitors as [Visitor, Visitor, Visitor, Visitor];
  await alice.signIn('alice');
  await bob.signIn('bob');
  await mira.signIn('mira');
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

const said = ({ box }: Visitor, text: string) => box.getByRole('article').filter({ hasText: text });

/** Moves the pointer and the focus out of the feed, because the feed holds new messages back while it has either. */
async function leaveFeed({ page, box }: Visitor): Promise<void> {
  await page.mouse.move(5, 5);
  await box.getByRole('textbox').focus();
}

async function report(visitor: Visitor, text: string): Promise<void> {
  await said(visitor, text).hover();
  await said(visitor, text).getByRole('button', { name: 'Report message' }).click();
  const dialog = visitor.page.getByRole('dialog', { name: 'Report message' });
  await dialog.getByRole('combobox', { name: 'Reason' }).selectOption('Spam');
  await dialog.getByRole('button', { name: 'Report message' }).click();
  await dialog.getByText('Thank you. The moderators have been told.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await leaveFeed(visitor);
}

async function openPanel({ page, box }: Visitor) {
  await box.getByRole('button', { name: /^Moderation/ }).click();
  return page.getByRole('dialog', { name: 'Moderation', exact: true });
}

/** Waits until no visitor is shown any of these texts. */
async function noneShown(visitors: readonly Visitor[], texts: readonly string[]): Promise<void> {
  for (const visitor of visitors) {
    for (const text of texts) await expect.poll(() => said(visitor, text).count(), { timeout: 10_000 }).toBe(0);
  }
}

/** Checks what a newly loaded page shows. */
async function laterShows(shown: string, hidden: readonly string[]): Promise<void> {
  const later = await visit(browser, stack.web);
  await said(later, shown).waitFor();
  await noneShown([later], hidden);
  await later.page.context().close();
}

/**
 * Checks that a banned visitor's message reaches nobody else. Bob sends `after` later. When the guest sees `after`, the
 * banned visitor's message would have arrived, too.
 */
async function isBanned(visitor: Visitor, after: string): Promise<void> {
  await visitor.shout('Let me in');
  await visitor.box.getByText('You are banned from this room until').waitFor();
  await bob.shout(after);
  await guest.sees('bob', after);
  await noneShown([bob, mira, guest], ['Let me in']);
}

/**
 * Checks that a visitor's message reaches everyone. Tries again while the message is refused, because the server may
 * learn only after a second that the ban has ended.
 */
async function isLetIn(visitor: Visitor, text: string): Promise<void> {
  await visitor.shout(text);
  const buttons = (name: string) => said(visitor, text).getByRole('button', { name });
  await expect
    .poll(
      async () => {
        if (await buttons('Try again').count()) await buttons('Try again').click();
        return buttons('Delete message').count();
      },
      { timeout: 5_000, interval: 250 },
    )
    .toBe(1);
  for (const reader of [bob, mira, guest]) await reader.sees('alice', text);
}

it('a visitor reports, a moderator bans with hiding, and no screen shows what the banned person said', async () => {
  const spam = ['Cheap pills', 'Cheap watches'];
  for (const text of spam) await alice.shout(text);
  const away = await visit(browser, stack.web);
  for (const reader of [bob, mira, guest, away]) for (const text of spam) await reader.sees('alice', text);
  await away.page.context().setOffline(true);
  await away.box.locator('.status[data-state=offline]').waitFor();

  await report(bob, spam[0]!);
  await mira.box.getByRole('button', { name: 'Moderation 1' }).waitFor({ timeout: 12_000 });
  const panel = await openPanel(mira);
  await panel.getByRole('button', { name: 'Moderate message' }).click();
  const menu = mira.page.getByRole('dialog', { name: 'Moderate message' });
  await menu.getByRole('combobox', { name: 'Ban this person' }).selectOption('For a day');
  await menu.getByRole('checkbox', { name: 'Hide everything this person said' }).check();
  await menu.getByRole('button', { name: 'Apply' }).click();
  await leaveFeed(mira);

  await noneShown([alice, bob, mira, guest], spam);
  await isBanned(alice, 'Peace at last');
  await laterShows('Peace at last', spam);
  await away.page.context().setOffline(false);
  await away.sees('bob', 'Peace at last');
  await noneShown([away], spam);
  await away.page.context().close();

  await (await openPanel(mira)).getByRole('button', { name: 'End ban' }).click();
  await mira.page.keyboard.press('Escape');
  await leaveFeed(mira);
  await isLetIn(alice, 'Sorry about that');
  await laterShows('Sorry about that', spam);
  await noneShown([alice, bob, mira, guest], spam);
});

it('the same by `npm run moderate` alone', async () => {
  const moderate = async (...act: string[]) => {
    const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'moderate', '--', '--room', 'lobby', ...act], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, SHOUT_DATA_DIR: stack.dataDir },
    });
    return stdout;
  };
  await alice.shout('Cheap boats');
  await bob.sees('alice', 'Cheap boats');
  await report(bob, 'Cheap boats');
  const { reports } = JSON.parse(await moderate('reports', '--json')).page as Reports;
  const { message } = reports.find(({ message }) => message.text === 'Cheap boats')!;

  await moderate('ban', message.actor.id, '--for', '1d', '--hide');
  await noneShown([alice, bob, mira, guest], ['Cheap boats', 'Sorry about that']);
  await isBanned(alice, 'Peace again');
  await laterShows('Peace again', ['Cheap boats', 'Sorry about that']);

  await moderate('unban', message.actor.id);
  await isLetIn(alice, 'I have read the rules');
  await laterShows('I have read the rules', ['Cheap boats', 'Sorry about that']);
});
