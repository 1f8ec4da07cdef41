import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BackEnd } from './back-end.ts';

let backEnd: BackEnd;
let token: string;

beforeAll(async () => {
  backEnd = await BackEnd.start({ GUESTS: 'false' });
  token = backEnd.token();
});
afterAll(() => backEnd.stop());
afterEach(() => backEnd.log.expectClean());

const bearer = () => ({ authorization: `Bearer ${token}` });
const huge = String(10 ** 15);

describe.each([
  { handler: 'chatHistory', cursor: 'before', rest: {} },
  { handler: 'events', cursor: 'after', rest: { after: '0' } },
] as const)('GET of $handler', ({ handler, cursor, rest }) => {
  it.each([
    { attack: 'no token', headers: () => ({}), source: 'RFC 6750 §3' },
    { attack: 'another scheme', headers: () => ({ authorization: `Basic ${token}` }), source: 'RFC 6750 §2.1' },
    {
      attack: 'an expired token',
      headers: () => ({ authorization: `Bearer ${backEnd.token({ exp: 1 })}` }),
      source: 'RFC 6750 §3.1',
    },
    { attack: 'a token as a cookie', headers: () => ({ cookie: `access_token=${token}` }), source: 'RFC 6750 §2' },
    {
      attack: 'a token as a subprotocol',
      headers: () => ({ 'sec-websocket-protocol': `bearer.${token}` }),
      source: 'RFC 6750 §2',
    },
  ])('with $attack is 401 with a challenge, and not cached ($source)', async ({ headers }) => {
    const answer = await backEnd.get(handler, rest, headers());
    expect(answer).toMatchObject({
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store', 'content-type': 'application/json' },
    });
    expect(JSON.stringify(answer)).not.toContain(token);
  });

  it.each([
    { attack: 'a negative cursor', query: { [cursor]: '-1' }, source: 'ASVS 5 1.4.2' },
    { attack: 'cursor NaN', query: { [cursor]: 'NaN' }, source: 'ASVS 5 15.3.5' },
    { attack: 'cursor 1e3', query: { [cursor]: '1e3' }, source: 'ASVS 5 15.3.5' },
    { attack: 'cursor 0x10', query: { [cursor]: '0x10' }, source: 'ASVS 5 15.3.5' },
    { attack: 'a fraction', query: { [cursor]: '1.5' }, source: 'ASVS 5 15.3.5' },
    { attack: 'a cursor no double can hold', query: { [cursor]: '9'.repeat(20) }, source: 'ASVS 5 1.4.2' },
    { attack: 'a cursor of 16 digits', query: { [cursor]: huge }, source: 'ASVS 5 1.4.2' },
    { attack: 'a cursor with spaces', query: { [cursor]: ' 1' }, source: 'ASVS 5 2.2.1' },
    { attack: 'an empty cursor', query: { [cursor]: '' }, source: 'ASVS 5 2.2.1' },
    { attack: 'a cursor given twice', query: { [cursor]: '1,2' }, source: 'ASVS 5 15.3.7' },
    { attack: 'limit=1e9', query: { limit: '1e9' }, source: 'ASVS 5 2.4.1' },
    { attack: 'limit=1000000000', query: { limit: '1000000000' }, source: 'ASVS 5 2.4.1' },
    { attack: 'limit one above the maximum', query: { limit: '101' }, source: 'ASVS 5 2.4.1' },
    { attack: 'limit=0', query: { limit: '0' }, source: 'ASVS 5 2.2.1' },
    { attack: 'limit=-1', query: { limit: '-1' }, source: 'ASVS 5 2.2.1' },
    { attack: 'a room that climbs', query: { room: '../lobby' }, source: 'ASVS 5 2.2.1' },
    { attack: 'a room with a key in it', query: { room: 'lobby#HEAD' }, source: 'ASVS 5 1.2.4' },
    {
      attack: 'a room in other letters',
      query: { room: 'lobb\u0443' },
      source: 'Unicode TR 36, mixed-script spoofing',
    },
    { attack: 'a room with a line break', query: { room: 'lobby\n{"event":"forged"}' }, source: 'ASVS 5 16.4.1' },
    { attack: 'room __proto__', query: { room: '__proto__' }, source: 'ASVS 5 15.3.6' },
    { attack: 'a room of 65 characters', query: { room: 'r'.repeat(65) }, source: 'ASVS 5 2.2.1' },
    { attack: 'a parameter there is not', query: { epoch: 'x' }, source: 'ASVS 5 15.3.3' },
    {
      attack: 'the token in the query',
      query: { access_token: 'in-the-query' },
      source: 'RFC 6750 §2.3, ASVS 5 14.2.1',
    },
  ])('with $attack is 400 ($source)', async ({ query }) => {
    const answer = await backEnd.get(handler, { ...rest, ...query }, bearer());
    expect(answer).toMatchObject({ statusCode: 400, headers: { 'x-content-type-options': 'nosniff' } });
    expect(JSON.parse(answer.body!)).toMatchObject({ code: 'invalid_message' });
    expect(answer.body).not.toContain('in-the-query');
  });

  it('of a room nobody ever wrote in is empty, and makes nothing of it (ASVS 5 2.3.1)', async () => {
    const answer = await backEnd.get(handler, { ...rest, room: 'nobody-was-here' }, bearer());
    expect(JSON.parse(answer.body!)).toMatchObject({ epoch: '', head: 0 });
  });
});

describe('a cursor of another room', () => {
  const cursor = '999999999999999';
  it.each([
    { handler: 'chatHistory', query: { before: cursor }, page: { messages: [], nextBefore: null } },
    { handler: 'events', query: { after: cursor }, page: { events: [] } },
  ] as const)(
    'is only a number in $handler, and shows nothing of the other room (ASVS 5 8.2.2)',
    async ({ handler, query, page }) => {
      const mallory = await backEnd.connectedAs('mallory', 'busy');
      await backEnd.send(mallory, { action: 'sendMessage', text: 'said in the busy room' });
      const answer = await backEnd.get(handler, { room: 'quiet', ...query }, bearer());
      expect(answer.statusCode).toBe(200);
      expect(JSON.parse(answer.body!)).toEqual({ epoch: '', head: 0, ...page });
      await backEnd.disconnect(mallory);
    },
  );
});
