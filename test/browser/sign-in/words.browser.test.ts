import type { BrowserContext, Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isOfferedSignIn, type Place, says, signedInAs, signInAs, signOut } from './person.ts';
import { endSession, type Site } from './site.ts';
import { useVisits } from './visit.ts';

let site: Site;
let context: BrowserContext;
let page: Page;

/** What the issuer's token endpoint does. */
let issuer: 'answers' | 'is unreachable' | 'has ended the session';
const answers: Record<typeof issuer, (route: Route) => Promise<void>> = {
  answers: (route) => route.continue(),
  'is unreachable': (route) => route.abort(),
  'has ended the session': endSession,
};

useVisits(async (visit) => {
  ({ site, context, page } = visit);
  issuer = 'answers';
  await context.route(`${site.issuer.url}/token`, (route) => answers[issuer](route));
  site.api.posted = [];
  site.api.hears = true;
});

async function write(on: Place, text: string): Promise<void> {
  await on.getByRole('textbox').fill(text);
  await on.getByRole('button', { name: 'Send' }).click();
}

/** Sends a message that does not reach the server. */
async function writeInVain(on: Place, text: string): Promise<void> {
  site.api.hears = false;
  await write(on, text);
  await on.getByText('Sending…').waitFor();
}

const shows = (on: Place, text: string) => on.getByText(text).count();

const written = (on: Place) => on.getByRole('textbox').inputValue();

/** Returns the stored drafts and unsent messages of the page's origin. */
const stored = (on: Page) =>
  on.evaluate(() =>
    [localStorage, sessionStorage].flatMap((storage) =>
      Object.entries(storage)
        .filter(([key]) => /^shout-box:(outbox|draft)/.test(key))
        .map(([, value]) => String(value)),
    ),
  );

/** Shows another room in the box. */
const moveTo = (room: string) =>
  page.evaluate(async (name) => {
    const box = document.querySelector('shout-box') as HTMLElement & { room: string; updateComplete: Promise<unknown> };
    box.room = name;
    await box.updateComplete;
  }, room);

/** Signs alice in, and opens another page of the site. There, her token counts as expired and cannot be renewed. */
async function openWithoutToken(): Promise<void> {
  await page.goto(site.listed);
  await signInAs(page, 'alice');
  // Waits for the renewal that follows the sign-in and stores `refresh`. If the renewal came later, it would make the
  // token valid again.
  await page.waitForFunction(() => Object.values(sessionStorage).some((item) => String(item).includes('"refresh"')));
  issuer = 'is unreachable';
  await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith('shout-box:session:'))!;
    const kept = JSON.parse(sessionStorage.getItem(key)!);
    sessionStorage.setItem(key, JSON.stringify({ ...kept, renewAt: 0, endsAt: 0 }));
  });
  await page.goto(`${site.listed}next`);
  await signedInAs(page, 'alice');
}

test('what a person wrote while their session ended is posted and shown as nobody else’s, and waits for them', async () => {
  await openWithoutToken();
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  issuer = 'has ended the session';
  await says(page, 'You have been signed out.');
  expect(await shows(page, 'private words')).toBe(0);
  issuer = 'answers';
  await signInAs(page, 'bob');
  await write(page, 'of bob');
  await expect.poll(() => site.api.posted).toEqual(['bob: of bob']);
  expect(await shows(page, 'private words')).toBe(0);
  await signOut(page);
  await signInAs(page, 'alice');
  await expect.poll(() => site.api.posted).toEqual(['bob: of bob', 'alice: private words']);
});

test('what a person was typing while their session ended is nobody else’s, and is there again when they are', async () => {
  await openWithoutToken();
  await page.getByRole('textbox').fill('half a thought');
  issuer = 'has ended the session';
  await says(page, 'You have been signed out.');
  expect(await written(page)).toBe('');
  issuer = 'answers';
  await signInAs(page, 'bob');
  expect(await written(page)).toBe('');
  await page.getByRole('textbox').fill('of bob');
  await signOut(page);
  await isOfferedSignIn(page);
  expect(await written(page)).toBe('');
  await signInAs(page, 'alice');
  await expect.poll(() => written(page)).toBe('half a thought');
});

test('what a guest was typing stays when they sign in, is theirs from then on, and goes when they sign out', async () => {
  await page.goto(site.listed);
  await page.getByRole('textbox').fill('half a thought');
  await signInAs(page, 'alice');
  expect(await written(page)).toBe('half a thought');
  await page.reload();
  await signedInAs(page, 'alice');
  expect(await written(page)).toBe('half a thought');
  await signOut(page);
  await isOfferedSignIn(page);
  expect(await written(page)).toBe('');
  expect(await stored(page)).toEqual([]);
});

describe('signing out takes what is unsent along', () => {
  /** Writes in `inside`, signs out with `signOutIn`, signs in as bob, and checks that bob finds nothing. */
  async function leaveTo(inside: Place, on: Page, signOutIn: () => Promise<void>, signInAsBob: () => Promise<void>) {
    await writeInVain(inside, 'secret');
    await inside.getByRole('textbox').fill('half a secret');
    expect(await stored(on)).toHaveLength(2);
    await signOutIn();
    await isOfferedSignIn(inside);
    const nothing = async () => {
      await expect.poll(() => stored(on)).toEqual([]);
      expect([await shows(inside, 'secret'), await written(inside)]).toEqual([0, '']);
    };
    await nothing();
    site.api.hears = true;
    await signInAsBob();
    await signedInAs(inside, 'bob');
    await nothing();
    await write(inside, 'of bob');
    await expect.poll(() => site.api.posted).toEqual(['bob: of bob']);
  }

  test('from another box of the page', async () => {
    await page.goto(`${site.listed}?rooms=ra,rb`);
    const [one, other] = [0, 1].map((index) => page.locator('shout-box').nth(index)) as [Place, Place];
    await signInAs(page, 'alice', one);
    await signedInAs(other, 'alice');
    await leaveTo(
      other,
      page,
      () => signOut(one),
      () => signInAs(page, 'bob', one),
    );
  });

  test('from another tab', async () => {
    const address = `${site.listed}?remember=device`;
    await page.goto(address);
    await signInAs(page, 'alice');
    const tab = await context.newPage();
    await tab.goto(`${address}&rooms=rb`);
    await signedInAs(tab, 'alice');
    await leaveTo(
      tab,
      tab,
      () => signOut(page),
      () => signInAs(page, 'bob'),
    );
  });

  test('from a room that is not shown', async () => {
    await page.goto(site.listed);
    await signInAs(page, 'alice');
    await writeInVain(page, 'secret');
    await page.getByRole('textbox').fill('half a secret');
    await moveTo('garden');
    expect(await shows(page, 'secret')).toBe(0);
    expect(await stored(page)).toHaveLength(2);
    await signOut(page);
    await expect.poll(() => stored(page)).toEqual([]);
  });
});

test('what says "Sending…" when the box moves to another room is there and is sent when it is back', async () => {
  await page.goto(site.listed);
  await signInAs(page, 'alice');
  await writeInVain(page, 'wait for me');
  await moveTo('garden');
  await expect.poll(() => shows(page, 'wait for me')).toBe(0);
  await moveTo('lobby');
  await page.getByText('wait for me').waitFor();
  await moveTo('garden');
  site.api.hears = true;
  await moveTo('lobby');
  await expect.poll(() => site.api.posted).toEqual(['alice: wait for me']);
});

test('what a page posts right after it has put the box there is posted', async () => {
  await page.goto(site.listed);
  const id = await page.evaluate(() => {
    const first = document.querySelector('shout-box')!;
    const box = first.cloneNode() as HTMLElement & { post(text: string): string | undefined };
    first.replaceWith(box);
    return box.post('at once');
  });
  expect(id).toMatch(/^[\w-]+$/);
  await page.getByText('at once').waitFor();
  await signInAs(page, 'alice');
  await expect.poll(() => site.api.posted).toEqual(['alice: at once']);
});

test('a box that is in no page posts nothing, and asks nobody', async () => {
  await page.goto(site.listed);
  const [id, asked] = await page.evaluate(() => {
    const box = document.createElement('shout-box') as HTMLElement & { post(text: string): string | undefined };
    let asked = 0;
    box.addEventListener('shout-before-send', () => asked++);
    return [`${box.post('nowhere')}`, asked];
  });
  expect([id, asked]).toEqual(['undefined', 0]);
});

test('what a person wrote before there was a token outlives the page', async () => {
  await openWithoutToken();
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  await page.goto(`${site.listed}blank`);
  issuer = 'answers';
  await page.goto(site.listed);
  await expect.poll(() => site.api.posted).toEqual(['alice: private words']);
});

test('what a person wrote before the code of the sign-in was there outlives the page', async () => {
  await page.goto(site.listed);
  await signInAs(page, 'alice');
  const held = Promise.withResolvers<void>();
  await page.route('**/shout-box-sign-in-*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  // Does not wait for `load`, because in Firefox this event also waits for the held file.
  await page.goto(`${site.listed}next`, { waitUntil: 'domcontentloaded' });
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  expect(await stored(page)).toHaveLength(1);
  const left = page.goto(`${site.listed}blank`);
  held.resolve();
  await left;
  await page.goto(site.listed);
  await expect.poll(() => site.api.posted).toEqual(['alice: private words']);
});
