import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ack, EventsFrame, ServerFrame } from '../../src/domain/schema.generated.ts';
import { launchBrowser, type TestBrowser } from '../browser/browser.ts';
import { type Stack, startStack } from '../stack.ts';
import { visit } from './visitor.ts';
import { startWscat } from './wscat.ts';

let stack: Stack & AsyncDisposable;
let browser: TestBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

const isAck = (frame: ServerFrame): frame is Ack => frame.type === 'ack';
const brings =
  (text: string) =>
  (frame: ServerFrame): frame is EventsFrame =>
    frame.type === 'events' && frame.events.some((event) => event.type === 'MessagePosted' && event.data.text === text);

describe('two people in two browsers and a third with wscat', () => {
  it('talk to each other', async () => {
    const [alice, bob] = await Promise.all([visit(browser, stack.web), visit(browser, stack.web)]);
    await using carol = await startWscat(stack, 'carol');
    await alice.signIn('alice');
    await bob.signIn('bob');

    await alice.shout('Is anybody there?');
    await Promise.all([alice, bob].map((visitor) => visitor.sees('alice', 'Is anybody there?')));
    await carol.receives(brings('Is anybody there?'));

    await bob.shout('I am! 👋');
    await alice.sees('bob', 'I am! 👋');

    carol.send({ action: 'sendMessage', text: 'Me too, from a terminal.' });
    await carol.receives(isAck);
    await Promise.all([alice, bob].map((visitor) => visitor.sees('carol', 'Me too, from a terminal.')));

    const shown = await bob.box.getByRole('article').allInnerTexts();
    expect(shown.map((text) => ['carol', 'bob', 'alice'].find((name) => text.includes(name)))).toEqual([
      'carol',
      'bob',
      'alice',
    ]);
    await Promise.all([alice, bob].map(({ page }) => page.context().close()));
  });

  it('find what was said when they come back', async () => {
    const guest = await visit(browser, stack.web);
    await guest.sees('alice', 'Is anybody there?');
    await guest.page.context().close();
  });
});

describe('somebody who leaves while a message says "Sending…"', () => {
  it('finds it sent at the next visit, once', async () => {
    const token = await stack.token('dora');
    const context = await browser.newContext();
    const visitWithToken = async () => {
      const page = await context.newPage();
      await page.goto(stack.web);
      const box = page.locator('shout-box').first();
      await box.evaluate((element: HTMLElement & { getToken?: unknown }, value) => {
        element.getToken = async () => value;
      }, token);
      // Waits for the button, because the person is a guest until the box has the token, and a guest's Enter sends
      // nothing.
      await box.getByRole('button', { name: 'Send' }).waitFor();
      return { page, box };
    };
    const first = await visitWithToken();
    // Loses everything that the page sends from here on. `setOffline` would not do, because in Firefox it does not
    // close an open WebSocket.
    await first.page.evaluate(() => {
      WebSocket.prototype.send = () => {};
    });
    await first.box.getByRole('textbox').fill('I have to run');
    await first.box.getByRole('textbox').press('Enter');
    await first.box.getByText('Sending').waitFor();
    await first.page.close();
    const second = await visitWithToken();
    await second.box.getByRole('article').filter({ hasText: 'I have to run' }).getByRole('time').waitFor();
    const other = await visit(browser, stack.web);
    await other.sees('dora', 'I have to run');
    expect(await other.box.getByRole('article').filter({ hasText: 'I have to run' }).count()).toBe(1);
    await Promise.all([context.close(), other.page.context().close()]);
  });
});

describe('a page of another origin that embeds the built widget', () => {
  it('shows the room, signs in and takes part', async () => {
    expect(new URL(stack.embed).origin).not.toBe(stack.web);
    const stranger = await visit(browser, stack.embed);
    const host = await visit(browser, stack.web);
    await stranger.signIn('carol');
    await stranger.shout('Hello from somewhere else.');
    await Promise.all([stranger, host].map((visitor) => visitor.sees('carol', 'Hello from somewhere else.')));
    await Promise.all([stranger, host].map(({ page }) => page.context().close()));
  });
});
