import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorOf } from '../../src/domain/feed/event-id.ts';
import { actorId } from '../../src/infra/identity/actor.ts';
import { BackEnd } from './back-end.ts';
import { Gateway } from './gateway.ts';

const MINUTE = 60_000;

let gateway: Gateway;
let backEnd: BackEnd;
let alice: string;
let bob: string;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  gateway = await Gateway.start();
  backEnd = await BackEnd.start({ GUESTS: 'true', CONNECTIONS_ENDPOINT: gateway.endpoint });
});
afterAll(async () => {
  await Promise.all([backEnd.stop(), gateway.stop()]);
  vi.useRealTimers();
});

beforeEach(async () => {
  [alice, bob] = await Promise.all([
    backEnd.connected({ token: tokenFor('alice', 10) }),
    backEnd.connected({ token: tokenFor('bob', 60) }),
  ]);
});
afterEach(async () => {
  await Promise.all([backEnd.disconnect(alice), backEnd.disconnect(bob)]);
  backEnd.log.expectClean();
});

const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * MINUTE);

function tokenFor(sub: string, minutes: number): string {
  return backEnd.token({ sub, exp: Math.floor(Date.now() / 1_000) + minutes * 60 });
}

const authenticate = (id: string, token: string) => backEnd.send(id, { action: 'authenticate', token });
const write = (id: string) => backEnd.send(id, { action: 'sendMessage', text: `written at ${Date.now()}` });

/**
 * Bob writes, and fanOut delivers his message to the room. A connection whose token has expired is told so and closed
 * instead.
 */
async function bobIsHeard(): Promise<void> {
  const { id } = await write(bob);
  await backEnd.stream(id);
}

const heardBy = (id: string) => gateway.postedTo(id).map(({ type, code }) => code ?? type);

describe('a token that ends while its connection is open (OWASP WebSocket Security, Session Management; ASVS 5 8.3.2)', () => {
  it('is told so and closed instead of hearing more; the others go on hearing', async () => {
    await bobIsHeard();
    expect(heardBy(alice)).toEqual(['events']);
    later(11);
    await bobIsHeard();
    expect(heardBy(alice)).toEqual(['events', 'unauthenticated']);
    expect(gateway.closed).toContain(alice);
    expect(heardBy(bob)).toEqual(['events', 'events']);
    expect(gateway.closed).not.toContain(bob);
  });

  it.each([
    { action: 'sendMessage', frame: () => ({ action: 'sendMessage', text: 'too late to say' }) },
    { action: 'ping', frame: () => ({ action: 'ping' }) },
    { action: 'deleteMessage', frame: () => ({ action: 'deleteMessage', target: `${'x'.repeat(22)}:1` }) },
  ])('may not $action any more', async ({ frame }) => {
    later(11);
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, frame())).toMatchObject({ code: 'unauthenticated' });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });

  it('to the millisecond: it may until then and may not from then on', async () => {
    const own = await backEnd.connected({ token: tokenFor('carol', 1) });
    const expiresAt = Math.floor(Date.now() / 1_000) * 1_000 + MINUTE;
    vi.setSystemTime(expiresAt - 1);
    expect(await write(own)).toMatchObject({ type: 'ack' });
    vi.setSystemTime(expiresAt);
    expect(await write(own)).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('renewal by `authenticate` (OWASP WebSocket Security, Token refresh)', () => {
  it.each([
    { when: 'before it ends', wait: 9 },
    { when: 'after it has ended', wait: 11 },
  ])('$when: goes on writing and hearing, until the new end', async ({ wait }) => {
    later(wait);
    const renewal = await authenticate(alice, tokenFor('alice', 10));
    expect(renewal).toEqual({ type: 'authenticated', expiresAt: expect.any(Number) });
    expect(renewal.expiresAt! - Date.now()).toBeLessThanOrEqual(10 * MINUTE);
    later(9);
    expect(await write(alice)).toMatchObject({ type: 'ack' });
    await bobIsHeard();
    expect(heardBy(alice).at(-1)).toBe('events');
    later(2);
    expect(await write(alice)).toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    {
      attack: 'another person’s token',
      token: () => tokenFor('mallory', 60),
      code: 'forbidden',
      source: 'ASVS 5 8.2.2',
    },
    { attack: 'an expired one', token: () => tokenFor('alice', -1), code: 'unauthenticated', source: 'ASVS 5 9.2.1' },
    {
      attack: 'one for another audience',
      token: () => backEnd.token({ aud: 'other' }),
      code: 'unauthenticated',
      source: 'ASVS 5 9.2.3',
    },
    {
      attack: 'an ID token',
      token: () => backEnd.token({ nonce: 'n' }),
      code: 'unauthenticated',
      source: 'ASVS 5 9.2.2',
    },
    { attack: 'none', token: () => '', code: 'invalid_message', source: 'ASVS 5 2.2.1' },
    { attack: 'one of 9 KB', token: () => 'a'.repeat(9_000), code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  ])('with $attack is $code, and changes neither who it is nor until when ($source)', async ({ token, code }) => {
    expect(await authenticate(alice, token())).toMatchObject({ type: 'error', code });
    const { id } = await write(alice);
    expect(authorOf(id!)).toBe(actorId(backEnd.issuer.url, 'alice'));
    later(11);
    expect(await write(alice)).toMatchObject({ code: 'unauthenticated' });
  });

  it('of a guest makes a person of them, and that person they stay', async () => {
    const guest = await backEnd.guest();
    expect(await write(guest)).toMatchObject({ code: 'unauthenticated' });
    expect(await authenticate(guest, tokenFor('dave', 10))).toMatchObject({ type: 'authenticated' });
    expect(await write(guest)).toMatchObject({ type: 'ack' });
    expect(await authenticate(guest, tokenFor('erin', 10))).toMatchObject({ code: 'forbidden' });
    await bobIsHeard();
    expect(heardBy(guest)).toEqual(['events']);
  });
});
