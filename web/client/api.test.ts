import { describe, expect, it } from 'vitest';
import { Api } from './api.ts';
import { Lifetime } from './lifetime.ts';
import { VirtualClock } from './testing/clock.ts';
import { config } from './testing/room.ts';

const history = { epoch: 'e', head: 0, messages: [], nextBefore: null };
const events = { epoch: 'e', head: 0, events: [] };

function api(answer: () => Response | Promise<Response>, options: { server?: string; pageSize?: number } = {}) {
  const clock = new VirtualClock();
  const life = new Lifetime(clock);
  const requests: [url: string, init: RequestInit][] = [];
  const told: unknown[] = [];
  const calls = new Api({
    server: 'https://api.example/prod//',
    room: 'lobby',
    pageSize: 20,
    fetch: async (url, init) => {
      requests.push([String(url), init!]);
      return answer();
    },
    token: () => 'a.token',
    unauthenticated: (token) => told.push(['unauthenticated', token]),
    barred: (problem, token) => told.push(['barred', problem, token]),
    malformed: () => told.push('malformed'),
    ...options,
  });
  return { clock, life, requests, told, calls, urls: () => requests.map(([url]) => url) };
}

describe('a request', () => {
  it('goes to the server’s path, with what it asks for', async () => {
    const { calls, life, urls } = api(() => Response.json({ ...history, ...events }));
    await calls.history(life);
    await calls.history(life, 7);
    await calls.events(life, 3);
    expect(urls()).toEqual([
      'https://api.example/prod/chat-history?room=lobby&limit=20',
      'https://api.example/prod/chat-history?room=lobby&before=7&limit=20',
      'https://api.example/prod/events?room=lobby&after=3&limit=50',
    ]);
  });

  it.each([
    [2.9, '2'],
    [1, '1'],
    [1_000, '50'],
    [0.5, null],
    [0, null],
    [Number.NaN, null],
  ])('for a page of %f asks for %s', async (pageSize, limit) => {
    const { calls, life, urls } = api(() => Response.json(history), { pageSize });
    await calls.history(life);
    expect(new URL(urls()[0]!).searchParams.get('limit')).toBe(limit);
  });

  it('carries the token, and for the settings none; never a cookie', async () => {
    const { calls, life, requests } = api(() => Response.json({ ...config, ...history }));
    await calls.history(life);
    await calls.config(life);
    expect(requests.map(([, { headers, credentials }]) => [headers, credentials])).toEqual([
      [{ authorization: 'Bearer a.token' }, 'omit'],
      [undefined, 'omit'],
    ]);
  });

  it('is not made to an address that is not safe', async () => {
    const { calls, life, requests } = api(() => Response.json(config), { server: 'http://elsewhere.example' });
    await expect(calls.config(life)).rejects.toThrow('unsafe URL: http://elsewhere.example/config');
    expect(requests).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    [429, { retryAfterMs: 1_500 }, { message: 'HTTP 429', retryAfterMs: 1_500, refused: true }],
    [404, {}, { message: 'HTTP 404', retryAfterMs: 0, refused: true }],
    [503, { retryAfterMs: 'soon' }, { message: 'HTTP 503', retryAfterMs: 0, refused: false }],
    [500, null, { message: 'HTTP 500', retryAfterMs: 0, refused: false }],
  ])('of %i is an error that says how long to wait and whether it is a refusal', async (status, body, error) => {
    const { calls, life, told } = api(() => Response.json(body, { status }));
    await expect(calls.history(life)).rejects.toMatchObject(error);
    expect(told).toEqual([]);
  });

  it('that refuses the token names the one it refuses', async () => {
    const { calls, life, told } = api(() => Response.json({}, { status: 401 }));
    await expect(calls.history(life)).rejects.toMatchObject({ refused: true });
    await expect(calls.config(life)).rejects.toThrow();
    expect(told).toEqual([
      ['unauthenticated', 'a.token'],
      ['unauthenticated', undefined],
    ]);
  });

  it.each(['<html>', '{}', 'null'])('of another server is an error, and is told: %s', async (body) => {
    const { calls, life, told } = api(() => new Response(body));
    await expect(calls.history(life)).rejects.toThrow('HTTP 200');
    expect(told).toEqual(['malformed']);
  });

  it('that does not come within 15 s is an error, and its request is aborted', async () => {
    const { calls, life, clock, requests } = api(() => new Promise(() => {}));
    let failed: unknown;
    calls.history(life).catch((error) => (failed = error));
    await clock.advance(14_999);
    expect(failed).toBeUndefined();
    await clock.advance(1);
    expect(failed).toMatchObject({ message: 'timeout' });
    expect(requests[0]![1].signal!.aborted).toBe(true);
  });

  it.each([[401], [200]])('that comes when nobody waits any more is told to nobody: %i', async (status) => {
    let answer!: (response: Response) => void;
    const { calls, life, told, clock } = api(() => new Promise((resolve) => (answer = resolve)));
    const request = calls.history(life).catch(() => {});
    life.end();
    answer(Response.json({}, { status }));
    await clock.advance(0);
    await request;
    expect(told).toEqual([]);
  });
});
