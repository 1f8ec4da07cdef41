import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BackEnd } from './back-end.ts';

let backEnd: BackEnd;
let token: string;

beforeAll(async () => {
  backEnd = await BackEnd.start({ GUESTS: 'false', RATE_BURST: '1000' });
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

/** Sends `text` as alice, disconnects her, and runs fanOut, which numbers the event. @returns the id of the event */
async function said(text: string, room: string): Promise<string> {
  const alice = await backEnd.connectedAs('alice', room);
  const { id } = await backEnd.send(alice, { action: 'sendMessage', text });
  await backEnd.disconnect(alice);
  await backEnd.stream(id);
  return id!;
}

describe('a cursor of another room', () => {
  it.each([
    { handler: 'chatHistory', query: { before: '2' }, page: { messages: [], nextBefore: null } },
    { handler: 'chatHistory', query: { before: '999999999999999' }, page: { messages: [], nextBefore: null } },
    { handler: 'events', query: { after: '0' }, page: { events: [] } },
    { handler: 'events', query: { after: '999999999999999' }, page: { events: [] } },
  ] as const)(
    'is only a number: $handler with $query shows nothing of the other (ASVS 5 8.2.2)',
    async ({ handler, query, page }) => {
      const id = await said('said in the busy room', 'busy');
      const busy = await backEnd.get('events', { room: 'busy', after: '0' }, bearer());
      expect(JSON.parse(busy.body!).events).toContainEqual(expect.objectContaining({ id }));
      const answer = await backEnd.get(handler, { room: 'quiet', ...query }, bearer());
      expect(answer.statusCode).toBe(200);
      expect(JSON.parse(answer.body!)).toEqual({ epoch: '', head: 0, ...page });
    },
  );

  it('beyond the head is the head', async () => {
    const id = await said('the newest of all', 'newest');
    const answer = await backEnd.get('chatHistory', { room: 'newest', before: '999999999999999' }, bearer());
    expect(JSON.parse(answer.body!).messages).toMatchObject([{ id }]);
    const after = await backEnd.get('events', { room: 'newest', after: '999999999999999' }, bearer());
    expect(JSON.parse(after.body!)).toMatchObject({ head: 1, events: [] });
  });
});

describe('a text that would be dangerous as markup', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    'javascript:alert(1)',
    '\u202Egnp.exe',
  ])('%j comes back as it was sent, as JSON that no browser takes for a page (ASVS 5 1.1.2, 4.1.1)', async (text) => {
    const room = `attack-${crypto.randomUUID()}`;
    const id = await said(text, room);
    for (const [handler, query] of [
      ['chatHistory', {}],
      ['events', { after: '0' }],
    ] as const) {
      const { headers, body } = await backEnd.get(handler, { room, ...query }, bearer());
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
      const { messages, events } = JSON.parse(body!);
      expect(messages ?? events).toEqual([
        expect.objectContaining({ id, ...(messages ? { text } : { data: { text } }) }),
      ]);
    }
  });
});
