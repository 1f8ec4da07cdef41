import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findAsker } from './asker.ts';

const SITE = 'https://site.example';
const challenge = 'c'.repeat(43);
const question = { type: 'shout-box:asker', page: `${SITE}/blog?post=1`, challenge };

class Page extends EventTarget {
  opener: { postMessage: (message: unknown, origin: string) => void } | null = { postMessage: vi.fn() };
  hear(data: unknown, origin = SITE, source: unknown = this.opener): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
  }
}

let page: Page;

beforeEach(() => {
  page = new Page();
  vi.stubGlobal('window', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a window asks its opener, and believes the browser about its origin', async () => {
  const asked = findAsker('#way=popup');
  expect(page.opener!.postMessage).toHaveBeenCalledWith({ type: 'shout-box:ask' }, '*');
  page.hear(question);
  expect(await asked).toEqual({ page: question.page, challenge, origin: SITE });
});

test('what another window says, or what is said of something else, is no answer', async () => {
  vi.useFakeTimers();
  const asked = findAsker('#way=popup');
  const failed = expect(asked).rejects.toThrow('does not answer');
  page.hear(question, 'https://evil.example', {});
  page.hear({ type: 'shout-box:received', challenge });
  page.hear(null);
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
});

test.each<[string, unknown, string?]>([
  ['names a page of another origin', question, 'https://evil.example'],
  ['names no page', { ...question, page: undefined }],
  ['names a page that is followed nowhere', { ...question, page: 'javascript:alert(1)' }],
  [
    'hides its host behind a user name',
    { ...question, page: 'https://site.example@evil.example/' },
    'https://evil.example',
  ],
  ['has a challenge that is none', { ...question, challenge: 'short' }],
])('an opener that %s makes no sense', async (_, data, origin) => {
  const asked = findAsker('#way=popup');
  page.hear(data, origin);
  await expect(asked).rejects.toThrow('makes no sense');
});

test.each([
  ['popup', null],
  ['redirect', { postMessage: vi.fn() }],
])('without an opener, or by a redirect, nothing is proved: way=%s', async (way, opener) => {
  page.opener = opener;
  const asked = await findAsker(`#${new URLSearchParams({ way, page: `${question.page}#part`, challenge })}`);
  expect(asked).toEqual({ page: question.page, challenge });
});

test('where nobody asks there is no asker', async () => {
  expect(await findAsker('')).toBeUndefined();
});
