import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressed, answer, answerIn, awaitAnswer, relay } from './answer.ts';

const CALLBACK = 'https://widget.example';
const params = new URLSearchParams({ code: 'c0de', state: 's1', iss: 'https://issuer.example' });

/** A window that hears what is posted to it. */
class Page extends EventTarget {
  hear(data: unknown, origin: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, origin }));
  }
}

const popup = { closed: false };
let page: Page;
let stop: AbortController;

beforeEach(() => {
  page = new Page();
  stop = new AbortController();
  popup.closed = false;
  vi.stubGlobal('window', page);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the answer posted by the call-back page arrives', async () => {
  const waiting = awaitAnswer('s1', popup, CALLBACK, stop.signal);
  page.hear(answer(params), CALLBACK);
  expect((await waiting).get('code')).toBe('c0de');
});

test.each<[string, unknown, string]>([
  ['of another origin', answer(params), 'https://evil.example'],
  ['to another question', answer(new URLSearchParams({ code: 'x', state: 's2' })), CALLBACK],
  ['of another kind', { type: 'else', params: String(params) }, CALLBACK],
  ['without content', { type: 'shout-box:answer' }, CALLBACK],
  ['that is nothing', null, CALLBACK],
])('a message %s is not the answer', async (_, data, origin) => {
  const waiting = awaitAnswer('s1', popup, CALLBACK, stop.signal);
  page.hear(data, origin);
  stop.abort(new Error('still waiting'));
  await expect(waiting).rejects.toThrow('still waiting');
});

test('a popup that lost its opener reaches the page over their origin, and learns that it did', async () => {
  const waiting = awaitAnswer('s1', popup, CALLBACK, stop.signal);
  expect(await relay(params)).toBe(true);
  expect((await waiting).get('code')).toBe('c0de');
});

test('where nobody waits the relay says so', async () => {
  expect(await relay(params)).toBe(false);
});

test('a popup that looks closed may only be cut off: the answer is waited for, but not for ever', async () => {
  vi.useFakeTimers();
  popup.closed = true;
  const waiting = awaitAnswer('s1', popup, CALLBACK, stop.signal);
  const outcome = waiting.then(
    () => 'answered',
    (error: Error) => error.message,
  );
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(await Promise.race([outcome, 'waiting'])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(await outcome).toBe('The sign-in window was closed.');
});

test('an open popup is waited for as long as the person takes', async () => {
  vi.useFakeTimers();
  const waiting = awaitAnswer('s1', popup, CALLBACK, stop.signal);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  page.hear(answer(params), CALLBACK);
  expect((await waiting).get('code')).toBe('c0de');
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answer in an address comes out as it went in', () => {
  const odd = new URLSearchParams({ code: '#&=+ %ü', state: 's1' });
  const address = addressed(new URL('https://example.com/a?b#c'), odd);
  expect(address).toMatch(/^https:\/\/example\.com\/a\?b#shout-box=/);
  expect(answerIn(new URL(address).hash)).toEqual(odd);
});

test.each(['', '#', '#chapter-2', '#shout-box', '#shout-box=%'])('%j holds no answer', (fragment) => {
  expect(answerIn(fragment)).toBeUndefined();
});
