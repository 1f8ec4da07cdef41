import { describe, expect, it, test, vi } from 'vitest';
import { config } from '../../client/testing/room.ts';
import { diagnose, type Surroundings } from './diagnose.ts';

const server = 'https://api.shout.example';

/** Returns a page whose server gives these answers, by path. Requests for other paths fail. */
function page(answers: Record<string, Response | undefined>, more: Partial<Surroundings> = {}): Surroundings {
  return {
    origin: 'https://site.example',
    fetch: async (url) => answers[new URL(String(url)).pathname] ?? Promise.reject(new TypeError('Failed to fetch')),
    blocked: async () => false,
    connects: async () => false,
    ...more,
  };
}

const refusal = (status: number, code: string, rule?: string) => Response.json({ code, message: '', rule }, { status });
const here = (history: Response) => ({ '/config': Response.json(config), '/chat-history': history });
const open = () => Response.json({ epoch: '', head: 0, messages: [], nextBefore: null });

describe('a room whose socket does not open', () => {
  it('may not be there, and then the room is named', async () => {
    const found = await diagnose({ server, room: 'unlisted', ...page(here(refusal(403, 'forbidden', 'access'))) });
    expect(found).toBe(
      'https://api.shout.example has no room unlisted, or it is not for this person: check the attribute `room`, and ROOMS of the server.',
    );
  });

  it.each<[string, Response]>([
    ['is for people who are signed in', refusal(401, 'unauthenticated', 'access')],
    ['is closed to somebody by another rule', refusal(403, 'forbidden', 'banned')],
    ['is on a server that has too much to do', refusal(429, 'rate_limited')],
    ['is on a server that is out of order', refusal(503, 'unavailable')],
  ])('that %s is no setting to mend', async (_, history) => {
    expect(await diagnose({ server, room: 'club', ...page(here(history)) })).toBeUndefined();
  });

  it('has a server without a WebSocket at that address, if its history can be read', async () => {
    const found = await diagnose({ server, room: 'lobby', ...page(here(open())) });
    expect(found).toContain('The WebSocket at wss://ws.example does not open, although the HTTP API answers');
    expect(found).not.toContain('ALLOWED_ORIGINS');
  });

  it('may be blocked by the policy of the page', async () => {
    const blocked = async (origin: string) => origin === 'wss://ws.example';
    const found = await diagnose({ server, room: 'lobby', ...page(here(open()), { blocked }) });
    expect(found).toBe('The Content Security Policy of the page blocks wss://ws.example: add it to `connect-src`.');
  });
});

test('a socket that opens now needs no mending', async () => {
  expect(
    await diagnose({ server, room: 'lobby', ...page(here(open()), { connects: async () => true }) }),
  ).toBeUndefined();
});

test('an origin that the server does not list is named, also where its HTTP API answers every page', async () => {
  const settings = Response.json({ ...config, allowedOrigins: ['https://another.example'] });
  expect(await diagnose({ server, room: 'lobby', ...page({ '/config': settings }) })).toBe(
    'https://api.shout.example refuses pages of https://site.example: add https://site.example to ALLOWED_ORIGINS of the server.',
  );
});

test.each<[server: string, said: string]>([
  ['', 'The attribute `server` is missing'],
  ['api.shout.example', 'is not a URL: api.shout.example. It begins with https://'],
  ['//api.shout.example', 'is not a URL: //api.shout.example. It begins with https://'],
  ['localhost:3000', 'is not a URL: localhost:3000. It begins with https://, or with http:// on this machine.'],
  ['api.shout.example:443/prod', 'is not a URL'],
  ['https://api.shout.example:65536', 'is not a URL'],
  ['https://api shout.example', 'is not a URL'],
  ['http://::1:3000', 'is not a URL'],
  [
    'ws://localhost:3001',
    'is the address of a WebSocket: ws://localhost:3001. Set it to the base URL of the HTTP API, which begins with http://',
  ],
  ['wss://ws.shout.example/prod', 'which begins with https://'],
  ['http://api.shout.example', 'is neither https: nor on this machine: http://api.shout.example.'],
  ['ftp://api.shout.example', 'is neither https: nor on this machine: ftp://api.shout.example.'],
  [
    'http://a:b@localhost:3000',
    'holds a user name or password, which browsers do not send: write http://localhost:3000.',
  ],
  ['https://a@api.shout.example', 'holds a user name or password'],
  [
    'https://api.shout.example/?stage=prod',
    'has a query or a fragment, but paths are added to it: write https://api.shout.example/.',
  ],
  ['https://api.shout.example/prod#', 'write https://api.shout.example/prod.'],
])('the server %j is told before anything is asked there', async (address, said) => {
  const fetch = () => Promise.reject(new Error('asked'));
  expect(await diagnose({ server: address, room: 'lobby', ...page({}, { fetch }) })).toContain(said);
});

test.each(['http://localhost:3000', 'http://[::1]:3000', 'https://[2001:db8::1]', 'https://bücher.example/prod/'])(
  'the server %s is asked',
  async (address) => {
    expect(await diagnose({ server: address, room: 'lobby', ...page({}) })).toContain('Nothing answers at');
  },
);

test('where only the network is down, no setting is wrong', async () => {
  vi.stubGlobal('navigator', { onLine: false });
  expect(await diagnose({ server: 'https://api.shout.example', room: 'lobby', ...page({}) })).toBeUndefined();
  vi.unstubAllGlobals();
});

test.each([429, 500, 503, 504])('a server that is busy or fails (%i) is not taken for another one', async (status) => {
  const fetch = async () => new Response('Too Many Requests', { status });
  expect(
    await diagnose({ server: 'https://api.shout.example', room: 'lobby', ...page({}, { fetch }) }),
  ).toBeUndefined();
});

test.each<[what: string, settings: unknown, said: string]>([
  ['null', null, 'is not the API of a shout-box'],
  ['a text', 'config', 'is not the API of a shout-box'],
  ['a list of origins that is none', { ...config, guests: false, allowedOrigins: 'all' }, 'undefined'],
  ['a WebSocket that is no URL', { ...config, webSocketUrl: 'ws' }, 'set WEBSOCKET_URL of the server, now ws.'],
])('settings that are %s are no reason to fail', async (_, settings, said) => {
  const found = await diagnose({ server, room: 'lobby', ...page({ '/config': Response.json(settings) }) });
  expect(String(found)).toContain(said);
});
