import { describe, expect, it, test } from 'vitest';
import { config } from '../../client/testing/room.ts';
import { diagnose, type Surroundings } from './diagnose.ts';

const server = 'https://api.shout.example';

/** A server that answers each path so, and a page that may reach it. */
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
