import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackEnd } from './back-end.ts';

const ORIGIN = 'https://example.org';

let backEnd: BackEnd;

describe.each([{ guests: false }, { guests: true }])('a handshake, guests $guests', ({ guests }) => {
  beforeAll(async () => {
    backEnd = await BackEnd.start({ ALLOWED_ORIGINS: ORIGIN, GUESTS: String(guests) });
  });
  afterAll(() => backEnd.stop());

  let open: string[];
  let token: string;
  beforeEach(async () => {
    open = await backEnd.connectionIds();
    token = backEnd.token();
  });
  afterEach(() => backEnd.log.expectClean());

  const protocols = (...offered: string[]) => ({ 'Sec-WebSocket-Protocol': offered.join(', ') });

  it.each([
    { attack: 'an evil origin', origin: 'https://evil.example' },
    { attack: 'origin null, as a sandboxed frame has', origin: 'null' },
    { attack: 'ours as a prefix', origin: `${ORIGIN}.evil.example` },
    { attack: 'ours as a suffix', origin: 'https://evilexample.org' },
    { attack: 'a subdomain', origin: 'https://evil.example.org' },
    { attack: 'another scheme', origin: 'http://example.org' },
    { attack: 'another port', origin: `${ORIGIN}:8443` },
    { attack: 'ours and another', origin: `${ORIGIN}, https://evil.example` },
    { attack: 'a trailing slash', origin: `${ORIGIN}/` },
    { attack: 'empty', origin: '' },
  ])(
    'from $attack is refused, also with a good token (OWASP WebSocket Security, Origin; ASVS 5 4.4.2)',
    async ({ origin }) => {
      for (const handshake of [{ headers: { Origin: origin } }, { token, headers: { Origin: origin } }]) {
        const { answer } = await backEnd.connect(handshake);
        expect(answer).toMatchObject({ statusCode: 403 });
      }
      expect(await backEnd.connectionIds()).toEqual(open);
    },
  );

  it.each([
    {
      attack: 'no token and no origin',
      headers: () => ({}),
      status: 401,
      source: 'OWASP WebSocket Security, Authentication',
    },
    {
      attack: 'a token as the first subprotocol, without ours',
      headers: () => protocols(`bearer.${token}`, 'chat'),
      status: 400,
      source: 'RFC 6455 §4.2.2',
    },
    {
      attack: 'a token as the only subprotocol',
      headers: () => protocols(`bearer.${token}`),
      status: 400,
      source: 'RFC 6455 §4.2.2',
    },
    {
      attack: 'a bare token as a subprotocol',
      headers: () => protocols('shout-box.v1', token),
      status: guests ? 200 : 401,
      origin: ORIGIN,
      source: 'RFC 6455 §4.2.2',
    },
    {
      attack: 'a token offered twice',
      headers: () => protocols('shout-box.v1', `bearer.${token}`, `bearer.${token}`),
      status: 400,
      source: 'RFC 6455 §4.1, ASVS 5 15.3.7',
    },
    {
      attack: 'two tokens of two people',
      headers: () => protocols('shout-box.v1', `bearer.${token}`, `bearer.${backEnd.token({ sub: 'bob' })}`),
      status: 400,
      source: 'ASVS 5 15.3.7',
    },
    {
      attack: 'one token in each place',
      headers: () => ({ ...protocols('shout-box.v1', `bearer.${token}`), Authorization: `Bearer ${token}` }),
      status: 400,
      source: 'RFC 6750 §2',
    },
    {
      attack: 'an empty token',
      headers: () => protocols('shout-box.v1', 'bearer.'),
      status: 401,
      source: 'RFC 6750 §2.1',
    },
    {
      attack: 'another scheme',
      headers: () => ({ Authorization: `Basic ${token}` }),
      status: 401,
      source: 'RFC 6750 §2.1',
    },
    {
      attack: 'two tokens in one header',
      headers: () => ({ Authorization: `Bearer ${token} ${token}` }),
      status: 401,
      source: 'RFC 6750 §2.1',
    },
    {
      attack: 'an expired token',
      headers: () => ({ Authorization: `Bearer ${backEnd.token({ exp: 1 })}` }),
      status: 401,
      source: 'ASVS 5 9.2.1',
    },
    {
      attack: 'a bad token where guests might come in without one',
      headers: () => protocols('shout-box.v1', 'bearer.a.b.c'),
      origin: ORIGIN,
      status: 401,
      source: 'ASVS 5 16.5.3',
    },
  ])('with $attack is answered $status, and the token not repeated ($source)', async ({ headers, origin, status }) => {
    const { answer } = await backEnd.connect({ headers: { ...headers(), ...(origin ? { Origin: origin } : {}) } });
    expect(answer.statusCode).toBe(status);
    for (const signed of backEnd.issuer.signed) expect(JSON.stringify(answer)).not.toContain(signed);
    if (status !== 200) expect(await backEnd.connectionIds()).toEqual(open);
  });

  it.each([
    { attack: 'access_token', query: () => ({ access_token: token }) },
    { attack: 'token', query: () => ({ token }) },
    { attack: 'the token as a name', query: () => ({ [token]: '' }) },
    { attack: 'the token as the room', query: () => ({ room: token }) },
  ])(
    'with the token in the query ($attack) is refused, also beside a good header, and repeated nowhere (RFC 6750 §2.3, ASVS 5 14.2.1)',
    async ({ query }) => {
      for (const handshake of [{ query: query() }, { token, query: query() }]) {
        const { answer } = await backEnd.connect(handshake);
        expect(answer.statusCode).toBe(400);
        expect(JSON.stringify(answer)).not.toContain(token.slice(0, 64));
      }
      expect(await backEnd.connectionIds()).toEqual(open);
    },
  );

  it.each([
    { room: '../lobby' },
    { room: 'ROOM#lobby' },
    { room: 'lobby\r\nX-Injected: 1' },
    { room: '' },
    { room: 'LOBBY' },
    { room: '__proto__' },
    { room: 'lobb\u0443' },
    { room: 'r'.repeat(65) },
  ])('for the room $room is refused (ASVS 5 2.2.1)', async ({ room }) => {
    const { answer } = await backEnd.connect({ token, query: { room } });
    expect(answer.statusCode).toBe(400);
  });

  it('for a room that is named twice is refused (ASVS 5 15.3.7)', async () => {
    const [query, everyQuery] = [{ room: 'lobby' }, { room: ['backstage', 'lobby'] }];
    const { answer } = await backEnd.connect({ token, query, everyQuery });
    expect(answer.statusCode).toBe(400);
    const once = await backEnd.connect({ token, query, everyQuery: { room: ['lobby'] } });
    expect(once.answer.statusCode).toBe(200);
  });

  it.each([
    { what: 'a token in the header', headers: () => ({ Authorization: `Bearer ${token}` }), answered: undefined },
    {
      what: 'a token in the header in lower case',
      headers: () => ({ authorization: `bearer ${token}` }),
      answered: undefined,
    },
    {
      what: 'a token beside our subprotocol',
      headers: () => protocols('shout-box.v1', `bearer.${token}`),
      answered: 'shout-box.v1',
    },
    {
      what: 'a token before our subprotocol',
      headers: () => protocols(`bearer.${token}`, 'shout-box.v1'),
      answered: 'shout-box.v1',
    },
    {
      what: 'our origin as well',
      headers: () => ({ Origin: ORIGIN, ...protocols('shout-box.v1', `bearer.${token}`) }),
      answered: 'shout-box.v1',
    },
  ])('with $what is let in, and only our subprotocol answered (RFC 6455 §1.9)', async ({ headers, answered }) => {
    const { id, answer } = await backEnd.connect({ headers: headers() });
    expect(answer).toEqual({
      statusCode: 200,
      ...(answered ? { headers: { 'Sec-WebSocket-Protocol': answered } } : {}),
    });
    expect(await backEnd.connectionIds()).toContain(id);
  });

  it(`of a guest of our origin is ${guests ? 'let in' : 'refused'}, and of one without an origin refused`, async () => {
    const fromOurPage = await backEnd.connect({ headers: { Origin: ORIGIN } });
    const fromNoPage = await backEnd.connect();
    expect([fromOurPage.answer.statusCode, fromNoPage.answer.statusCode]).toEqual([guests ? 200 : 401, 401]);
  });

  it('sent as a message to the $connect route opens nothing (RFC 6455 §4)', async () => {
    const id = await backEnd.connected({ token });
    const before = await backEnd.connectionIds();
    await backEnd.send(id, { action: '$connect' }, { route: 'connect' });
    await backEnd.send(id, { action: '$disconnect' }, { route: 'disconnect' });
    expect((await backEnd.connectionIds()).sort()).toEqual(before.sort());
  });
});
