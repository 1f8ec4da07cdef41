import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../stack.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';

/**
 * These tests visit rooms that are restricted or do not exist, on a real stack. They check what the visitor sees in the
 * box, and what the console tells the author of the page.
 */
let stack: Stack & AsyncDisposable;
let browser: TestBrowser;
let site: Server;
let html = '';

beforeAll(async () => {
  site = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const env = { ROOMS: 'lobby,club=signed-in,staff=moderator', ALLOWED_ORIGINS: '*' };
  [stack, browser] = await Promise.all([startStack({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  site?.closeAllConnections();
  site?.close();
});

interface Visit extends AsyncDisposable {
  page: Page;
  box: Locator;
  /** The lines that the box logs to the console. The browser's own lines about failed requests are left out. */
  said: string[];
  /** The states of the connection, in order. */
  states(): Promise<string[]>;
}

/** Opens a page with a box. @param person whom the page signs in with `getToken`; if absent, the visitor is a guest */
async function visit(room: string, person?: string): Promise<Visit> {
  html = `<!doctype html><meta charset="utf-8"><script>
      window.states = [];
      addEventListener('shout-state', ({ detail }) => states.push(detail.connectionState));
    </script>
    <script type="module" src="${stack.web}/shout-box.js"></script>
    <shout-box server="${stack.http}" room="${room}"></shout-box>`;
  if (person) {
    html += `<script>document.querySelector('shout-box').getToken = async () => '${await stack.token(person)}';</script>`;
  }
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('<shout-box>: ')) said.push(message.text().slice('<shout-box>: '.length));
  });
  await page.goto(`http://localhost:${(site.address() as AddressInfo).port}`);
  return {
    page,
    box: page.locator('shout-box'),
    said,
    states: () => page.evaluate(() => (window as unknown as { states: string[] }).states),
    [Symbol.asyncDispose]: () => page.close(),
  };
}

/** Opens a second page, and waits until its box is live. By then, the tested box should have logged all it logs. */
async function meanwhile(): Promise<void> {
  await using other = await visit('lobby');
  await other.box.locator('[data-state="live"]').waitFor();
}

const noRoom = (room: string) =>
  `${stack.http} has no room ${room}, or it is not for this person: check the attribute \`room\`, and ROOMS of the server.`;

test('a guest in a room for those who are signed in is asked to sign in, and the author is told nothing', async () => {
  await using guest = await visit('club');
  await guest.box.getByText('Sign in to read along').waitFor();
  await guest.box.getByRole('button', { name: 'Sign in' }).waitFor();
  await meanwhile();
  expect(guest.said).toEqual([]);
  expect(await guest.states()).not.toContain('offline');
});

test('who signs in there is let in', async () => {
  await using member = await visit('club', 'alice');
  await member.box.locator('[data-state="live"]').waitFor();
  expect(await member.states()).not.toContain('offline');
});

test.each(['staff', 'unlisted'])(
  'a guest in the room %s is asked to sign in, and the author is told of it',
  async (room) => {
    await using guest = await visit(room);
    await guest.box.getByText('Sign in to read along').waitFor();
    await meanwhile();
    expect(guest.said).toEqual([noRoom(room)]);
    expect(await guest.states()).not.toContain('offline');
  },
);

test.each(['staff', 'unlisted'])('who is signed in and may not read the room %s is told so', async (room) => {
  await using person = await visit(room, 'alice');
  await person.box.getByText('This room is not open to you').first().waitFor();
  await meanwhile();
  expect(await person.box.getByRole('textbox').count()).toBe(0);
  expect(person.said).toEqual([noRoom(room)]);
  expect(new Set(await person.states())).toEqual(new Set(['connecting', 'forbidden']));
});
