import { expect, test } from 'vitest';
import type { Tokens } from './issuer.ts';
import { TokenSession } from './session.ts';

const MINUTE = 60_000;

/** A session of 10-minute tokens at an issuer a test answers for. */
function begin(tokens: Partial<Tokens> = {}) {
  const time = { now: 0 };
  const asked: string[] = [];
  const revoked: string[] = [];
  const issuer = {
    answer: async (n: number): Promise<Tokens | undefined> => ({
      access: `access-${n}`,
      refresh: `refresh-${n}`,
      expiresIn: 600,
    }),
    refresh(token: string) {
      asked.push(token);
      return issuer.answer(asked.length);
    },
    async revoke(token: string) {
      revoked.push(token);
    },
  };
  const first = { access: 'access-0', refresh: 'refresh-0', expiresIn: 600, ...tokens };
  const session = new TokenSession(issuer, first, undefined, () => time.now);
  return { session, issuer, time, asked, revoked };
}

test('a fresh token is given as it is', async () => {
  const { session, asked } = begin();
  expect(await session.getToken()).toBe('access-0');
  expect(asked).toEqual([]);
});

test('near its end it is renewed, and the rotated refresh token is the next one used', async () => {
  const { session, time, asked } = begin();
  time.now = 9 * MINUTE;
  expect(await session.getToken()).toBe('access-1');
  time.now += 9 * MINUTE;
  expect(await session.getToken()).toBe('access-2');
  expect(asked).toEqual(['refresh-0', 'refresh-1']);
});

test('an issuer that does not rotate has its refresh token used again', async () => {
  const { session, issuer, time, asked } = begin();
  issuer.answer = async (n) => ({ access: `access-${n}`, expiresIn: 600 });
  time.now = 9 * MINUTE;
  await session.getToken();
  time.now += 9 * MINUTE;
  await session.getToken();
  expect(asked).toEqual(['refresh-0', 'refresh-0']);
});

test('whoever asks at the same time waits for the same renewal', async () => {
  const { session, time, asked } = begin();
  time.now = 11 * MINUTE;
  expect(await Promise.all([session.getToken(), session.getToken(), session.getToken()])).toEqual([
    'access-1',
    'access-1',
    'access-1',
  ]);
  expect(asked).toHaveLength(1);
});

test('a refused token is renewed although its time has not come', async () => {
  const { session } = begin();
  expect(await session.getToken('access-0')).toBe('access-1');
  expect(await session.getToken('access-0')).toBe('access-1');
});

test('without a refresh token the session lasts as long as the token', async () => {
  const time = { now: 0 };
  const issuer = { refresh: () => Promise.reject(new Error('never')), revoke: async () => {} };
  const session = new TokenSession(issuer, { access: 'only', expiresIn: 600 }, undefined, () => time.now);
  time.now = 9.9 * MINUTE;
  expect(await session.getToken()).toBe('only');
  expect(await session.getToken('only')).toBeUndefined();
  time.now = 10 * MINUTE;
  expect(await session.getToken()).toBeUndefined();
});

test('when the issuer ends the session the present token is used up and then there is none', async () => {
  const { session, issuer, time, asked } = begin();
  issuer.answer = async () => undefined;
  time.now = 9 * MINUTE;
  expect(await session.getToken()).toBe('access-0');
  time.now = 10 * MINUTE;
  expect(await session.getToken()).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test('an issuer out of reach is no end: the token serves while it lasts, then asking fails, then all is well', async () => {
  const { session, issuer, time } = begin();
  const answer = issuer.answer;
  issuer.answer = () => Promise.reject(new TypeError('network'));
  time.now = 9 * MINUTE;
  expect(await session.getToken()).toBe('access-0');
  time.now = 11 * MINUTE;
  await expect(session.getToken()).rejects.toThrow('network');
  issuer.answer = answer;
  expect(await session.getToken()).toMatch(/^access-/);
});

test('signing out forgets at once and revokes, and a renewal under way brings nothing back', async () => {
  const { session, issuer, time, revoked } = begin();
  const renewal = Promise.withResolvers<Tokens>();
  issuer.answer = () => renewal.promise;
  time.now = 11 * MINUTE;
  const asking = session.getToken();
  await session.signOut();
  renewal.resolve({ access: 'late', refresh: 'late', expiresIn: 600 });
  expect(await asking).toBeUndefined();
  expect(await session.getToken()).toBeUndefined();
  expect(revoked).toEqual(['refresh-0']);
});

test('signing out succeeds also where the issuer does not answer', async () => {
  const { session, issuer } = begin();
  issuer.revoke = () => Promise.reject(new TypeError('network'));
  await session.signOut();
  expect(await session.getToken()).toBeUndefined();
});

test('a token without a stated life is used until it is refused', async () => {
  const time = { now: 0 };
  const issuer = { refresh: async () => ({ access: 'next' }), revoke: async () => {} };
  const session = new TokenSession(issuer, { access: 'first', refresh: 'r' }, undefined, () => time.now);
  time.now = 1e12;
  expect(await session.getToken()).toBe('first');
  expect(await session.getToken('first')).toBe('next');
});
