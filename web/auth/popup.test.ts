import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from './messages.ts';
import { type Conversation, converse } from './popup.ts';
import { relay } from './relay.ts';

const HOST = 'https://widget.example';
const question = { page: 'https://site.example/', challenge: 'mine' };
const answer = new URLSearchParams({ code: 'c0de', challenge: 'mine' });
const theirs = new URLSearchParams({ code: 'c0de', challenge: 'theirs' });

/** The `window` of the asking page. `hear` dispatches a message event to the page. */
class Page extends EventTarget {
  hear(data: unknown, origin = HOST, source: unknown = popup): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
  }
}

const BLANK = { location: { href: 'about:blank' }, document: { readyState: 'complete' } };
/** A window of another origin, as the asking page sees it: reading its location throws. */
const unseen = {
  get location(): never {
    throw new DOMException('Blocked a frame from accessing a cross-origin frame.', 'SecurityError');
  },
};
const popup = {
  closed: false,
  postMessage: vi.fn<(message: Message, origin: string) => void>(),
  shows: BLANK as object,
  get location() {
    return (this.shows as typeof BLANK).location;
  },
  get document() {
    return (this.shows as typeof BLANK).document;
  },
};
const silent = vi.fn<() => void>();
let page: Page;
let stop: AbortController;

beforeEach(() => {
  page = new Page();
  stop = new AbortController();
  popup.closed = false;
  popup.shows = BLANK;
  silent.mockClear();
  popup.postMessage.mockClear();
  vi.stubGlobal('window', page);
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function begin(): Conversation {
  const conversation = converse(popup as unknown as Window, HOST, question, stop.signal, silent);
  conversation.answer.catch(() => {});
  return conversation;
}
const posted = (params: URLSearchParams): Message => ({ type: 'shout-box:answer', params: String(params) });

/** Returns the answer, or the message of the error; `waiting` if there is neither yet. */
async function outcome({ answer }: Conversation): Promise<string> {
  let outcome = 'waiting';
  void answer.then(
    (params) => (outcome = String(params)),
    ({ message }: Error) => (outcome = message),
  );
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return outcome;
}

test('the window learns who asks, and nobody else does', () => {
  begin();
  page.hear({ type: 'shout-box:ask' }, 'https://evil.example');
  page.hear({ type: 'shout-box:ask' }, HOST, {});
  expect(popup.postMessage).not.toHaveBeenCalled();
  page.hear({ type: 'shout-box:ask' });
  expect(popup.postMessage.mock.calls).toEqual([[{ type: 'shout-box:asker', ...question }, HOST]]);
});

test('the answer arrives, and the window learns that it did', async () => {
  const conversation = begin();
  page.hear(posted(answer));
  expect((await conversation.answer).get('code')).toBe('c0de');
  expect(popup.postMessage.mock.lastCall).toEqual([{ type: 'shout-box:received', challenge: 'mine' }, HOST]);
});

test.each<[string, unknown, string?, unknown?]>([
  ['of another origin', posted(answer), 'https://evil.example'],
  ['of another window', posted(answer), HOST, {}],
  ['to another question', posted(theirs)],
  ['of another kind', { type: 'else', params: String(answer) }],
  ['without content', { type: 'shout-box:answer' }],
  ['that is nothing', null],
])('a message %s is not the answer', async (_, data, origin, source) => {
  const conversation = begin();
  page.hear(data, origin, source);
  expect(await outcome(conversation)).toBe('waiting');
});

test('a window that lost its opener reaches the page over their origin, and learns that it did', async () => {
  const conversation = begin();
  expect(await relay(answer)).toBe(true);
  expect((await conversation.answer).get('code')).toBe('c0de');
});

test('where nobody waits for this question the relay says so', async () => {
  begin();
  expect(await relay(theirs)).toBe(false);
});

test('a window that closes before it left for the issuer is surely closed', async () => {
  vi.useFakeTimers();
  const conversation = begin();
  page.hear({ type: 'shout-box:ask' });
  popup.closed = true;
  await vi.advanceTimersByTimeAsync(500);
  expect(await conversation.closed).toBe(true);
  expect(await outcome(conversation)).toBe('The sign-in window was closed.');
});

test('one that looks closed after it left may be cut off: its answer is waited for, but not for ever', async () => {
  vi.useFakeTimers();
  const conversation = begin();
  page.hear({ type: 'shout-box:ask' });
  page.hear({ type: 'shout-box:leaving' });
  popup.closed = true;
  await vi.advanceTimersByTimeAsync(500);
  expect(await conversation.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(await outcome(conversation)).toBe('waiting');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await outcome(conversation)).toBe('The sign-in window was closed.');
});

test('an open window is waited for as long as the person takes, and no timer stays', async () => {
  vi.useFakeTimers();
  const conversation = begin();
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  page.hear(posted(answer));
  expect((await conversation.answer).get('code')).toBe('c0de');
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('another sign-in ends this one', async () => {
  const conversation = begin();
  stop.abort(new Error('Another sign-in was started.'));
  await expect(conversation.answer).rejects.toThrow('Another sign-in was started.');
});

describe('a window that does not ask', () => {
  beforeEach(() => vi.useFakeTimers());

  test('is given up when it has loaded a page of the asking page’s own origin', async () => {
    const conversation = begin();
    popup.shows = {
      location: { href: 'https://site.example/assets/sign-in.html' },
      document: { readyState: 'complete' },
    };
    await vi.advanceTimersByTimeAsync(500);
    expect(await outcome(conversation), 'its question may be on its way').toBe('waiting');
    await vi.advanceTimersByTimeAsync(500);
    expect(await outcome(conversation)).toBe('The sign-in window shows another page.');
    expect(silent).toHaveBeenCalledOnce();
  });

  test('is waited for while it loads, or shows a page of another origin, and told of after twenty seconds', async () => {
    const conversation = begin();
    popup.shows = { location: { href: 'https://site.example/sign-in.html' }, document: { readyState: 'loading' } };
    await vi.advanceTimersByTimeAsync(10_000);
    popup.shows = unseen;
    await vi.advanceTimersByTimeAsync(9_500);
    expect(silent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(silent).toHaveBeenCalledOnce();
    page.hear(posted(answer));
    expect(await outcome(conversation)).toBe(String(answer));
  });

  test('is not one that has asked, wherever it is then', async () => {
    const conversation = begin();
    page.hear({ type: 'shout-box:ask' });
    popup.shows = { location: { href: 'https://site.example/sign-in.html' }, document: { readyState: 'complete' } };
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await outcome(conversation)).toBe('waiting');
    expect(silent).not.toHaveBeenCalled();
  });
});
