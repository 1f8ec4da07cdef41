import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { config, token as tokenOf } from '../../client/testing/room.ts';
import { PageSession } from './page-session.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TOKEN = tokenOf({ exp: 2e9 });

let asked: (string | undefined)[];
let told: string[];
let changes: number;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  [asked, told, changes] = [[], [], 0];
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the session of a page whose `getToken` gives this answer. `set` replaces the page's `getToken`. */
function pageSession(answer: () => unknown) {
  const functionOf = (give: () => unknown) => async (refused?: string) => {
    asked.push(refused);
    return (await give()) as string | undefined;
  };
  const page = { getToken: functionOf(answer), requestUpdate: () => {} };
  const session = new PageSession(page, {
    changed: () => {
      changes++;
    },
    misconfigured: (message) => told.push(message),
  });
  const set = (give: () => unknown) => {
    page.getToken = functionOf(give);
  };
  return { session, set };
}

describe('a token that the server refuses', () => {
  test('is not given again, its person is gone, and the author is told once', async () => {
    const { session } = pageSession(() => TOKEN);
    expect(await session.token(undefined)).toBe(TOKEN);
    expect(session.user?.name).toBe('?');
    session.refused(undefined);
    expect(session.user).toBeUndefined();
    expect(changes, 'asking at once would bring the same').toBe(0);
    expect(await session.token(TOKEN)).toBeUndefined();
    session.refused(undefined);
    expect(told).toHaveLength(1);
  });

  test('is asked about ever less often', async () => {
    const { session } = pageSession(() => TOKEN);
    await session.token(undefined);
    session.refused(config);
    for (const wait of [30, 60, 120, 240, 480, 600, 600]) {
      const before = changes;
      await vi.advanceTimersByTimeAsync(wait * SECOND - 1);
      expect(changes).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(changes).toBe(before + 1);
      expect(await session.token(undefined)).toBeUndefined();
    }
  });

  test('gives way to a later one, and to another function', async () => {
    let now = TOKEN;
    const { session, set } = pageSession(() => now);
    await session.token(undefined);
    session.refused(config);
    const next = tokenOf({ exp: 2e9, nonce: 1 });
    now = next;
    expect(await session.token(undefined)).toBe(next);
    expect(session.user).toBeDefined();
    session.refused(config);
    set(() => next);
    expect(await session.token(undefined)).toBe(next);
    session.refused(config);
    expect(told, 'each function is a setting of its own').toHaveLength(2);
  });

  test('is tried again where the person wants to sign in now', async () => {
    const { session } = pageSession(() => TOKEN);
    await session.token(undefined);
    session.refused(config);
    session.forget();
    expect(await session.token(undefined)).toBe(TOKEN);
  });

  test.each<[string, string]>([
    ['opaque', 'it is no JWT.'],
    [tokenOf({ exp: 1_000_000_000 }), 'it ended at 2001-09-09T01:46:40.000Z.'],
    [tokenOf({}), `its \`aud\` is undefined, not ${config.audience}.`],
  ])('%s: says why', async (token, why) => {
    const { session } = pageSession(() => token);
    await session.token(undefined);
    session.refused(config);
    expect(told).toEqual([`getToken gives a token that the server refuses: ${why}`]);
  });
});

test.each<[unknown, string]>([
  [42, 'failed: it gave 42'],
  [{}, 'failed: it gave [object Object]'],
  ['<p>Log in</p>', 'failed: it gave <p>Log in</p>'],
])('%s is no token', async (given, why) => {
  const { session } = pageSession(() => given);
  expect(await session.token(undefined)).toBeUndefined();
  expect(told).toEqual([`getToken ${why}`]);
  await vi.advanceTimersByTimeAsync(30 * SECOND);
  expect(changes).toBe(1);
});

test('failures that are long past do not count', async () => {
  const { session } = pageSession(() => 42);
  for (let n = 0; n < 6; n++) await session.token(undefined);
  session.stop();
  await vi.advanceTimersByTimeAsync(21 * MINUTE);
  await session.token(undefined);
  await vi.advanceTimersByTimeAsync(30 * SECOND);
  expect(changes).toBe(1);
});

describe('an answer that takes long', () => {
  test('makes a guest after ten seconds, tells the author once, and is taken when it comes', async () => {
    const answer = Promise.withResolvers<string>();
    const { session } = pageSession(() => answer.promise);
    const first = session.token(undefined);
    await vi.advanceTimersByTimeAsync(10 * SECOND - 1);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await first).toBeUndefined();
    expect(told).toEqual(['getToken gave no answer within 10 seconds']);
    const second = session.token(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(await second, 'nobody waits for it again').toBeUndefined();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect([asked.length, changes, told.length]).toEqual([1, 0, 1]);
    answer.resolve(TOKEN);
    await vi.advanceTimersByTimeAsync(0);
    expect(changes).toBe(1);
    expect(await session.token(undefined)).toBe(TOKEN);
    expect(asked).toHaveLength(1);
    expect(await session.token(undefined)).toBe(TOKEN);
    expect(asked).toHaveLength(2);
  });

  test('that fails in the end is asked for again', async () => {
    const answer = Promise.withResolvers<string>();
    const { session } = pageSession(() => answer.promise);
    const first = session.token(undefined);
    await vi.advanceTimersByTimeAsync(10 * SECOND);
    await first;
    answer.reject(new Error('HTTP 500'));
    await vi.advanceTimersByTimeAsync(0);
    expect(await session.token(undefined)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(30 * SECOND);
    expect(changes).toBe(2);
  });

  test('is not awaited any more once the page sets another function', async () => {
    const { session, set } = pageSession(() => new Promise(() => {}));
    const first = session.token(undefined);
    await vi.advanceTimersByTimeAsync(10 * SECOND);
    await first;
    set(() => TOKEN);
    expect(await session.token(undefined)).toBe(TOKEN);
  });
});
