import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorId } from '../../src/infra/identity/actor.ts';
import { BackEnd } from './back-end.ts';

let backEnd: BackEnd;
let alice: string;
let guest: string;

beforeAll(async () => {
  // Rates have a suite of their own.
  backEnd = await BackEnd.start({ GUESTS: 'true', RATE_BURST: '1000000' });
});
afterAll(() => backEnd.stop());
beforeEach(async () => {
  [alice, guest] = await Promise.all([backEnd.connectedAs('alice'), backEnd.guest()]);
});
afterEach(async () => {
  await Promise.all([backEnd.disconnect(alice), backEnd.disconnect(guest)]);
  backEnd.log.expectClean();
});

const actor = (sub: string) => actorId(backEnd.issuer.url, sub);
const send = (text: string) => JSON.stringify({ action: 'sendMessage', text });
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

interface Refused {
  attack: string;
  frame: unknown;
  code: string;
  source: string;
}

const sizes: Refused[] = [
  {
    attack: '33 KB',
    frame: send('x'.repeat(33 * 1_024)),
    code: 'too_large',
    source: 'OWASP WebSocket Security, message size',
  },
  {
    attack: '129 KB',
    frame: send('x'.repeat(129 * 1_024)),
    code: 'too_large',
    source: 'OWASP WebSocket Security, message size',
  },
  {
    attack: '33 KB in 11 K characters',
    frame: send('漢'.repeat(11 * 1_024)),
    code: 'too_large',
    source: 'OWASP WebSocket Security, message size',
  },
  {
    attack: '33 KB that are not JSON',
    frame: 'x'.repeat(33 * 1_024),
    code: 'too_large',
    source: 'OWASP WebSocket Security, message size',
  },
  { attack: 'text of 2,049 bytes', frame: send('x'.repeat(2_049)), code: 'too_large', source: 'ASVS 5 2.2.1' },
  { attack: '501 graphemes', frame: send('x'.repeat(501)), code: 'too_large', source: 'ASVS 5 2.2.1' },
  {
    attack: '10,000 combining marks',
    frame: send(`Z${'\u0301'.repeat(10_000)}`),
    code: 'too_large',
    source: 'Unicode TR 36, inadequate rendering support',
  },
  { attack: '500 families of four', frame: send('👨‍👩‍👧‍👦'.repeat(500)), code: 'too_large', source: 'ASVS 5 2.2.1' },
];

const shapes: Refused[] = [
  { attack: 'no JSON', frame: 'hello', code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  { attack: 'nothing', frame: '', code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  { attack: 'half of an object', frame: '{"action":"ping"', code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  {
    attack: 'two objects',
    frame: '{"action":"ping"}{"action":"ping"}',
    code: 'invalid_message',
    source: 'RFC 8259 §2',
  },
  { attack: 'null', frame: 'null', code: 'invalid_message', source: 'ASVS 5 15.3.5' },
  { attack: 'a list', frame: '[{"action":"ping"}]', code: 'invalid_message', source: 'ASVS 5 15.3.5' },
  { attack: 'NaN', frame: '{"action":"sendMessage","text":NaN}', code: 'invalid_message', source: 'RFC 8259 §6' },
  { attack: '1e999', frame: '{"action":"sendMessage","text":1e999}', code: 'invalid_message', source: 'RFC 8259 §6' },
  { attack: '1e999 as the action', frame: '{"action":1e999}', code: 'invalid_message', source: 'RFC 8259 §6' },
  {
    attack: 'JSON nested 10,000 deep',
    frame: nested(10_000),
    code: 'invalid_message',
    source: 'RFC 8259 §9, ASVS 5 15.2.2',
  },
  {
    attack: 'a text nested 10,000 deep',
    frame: `{"action":"sendMessage","text":${nested(10_000)}}`,
    code: 'invalid_message',
    source: 'RFC 8259 §9, ASVS 5 15.2.2',
  },
  {
    attack: 'a text that is a list',
    frame: { action: 'sendMessage', text: ['hello'] },
    code: 'invalid_message',
    source: 'ASVS 5 15.3.5',
  },
  { attack: 'no text', frame: { action: 'sendMessage' }, code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  { attack: 'action __proto__', frame: '{"action":"__proto__"}', code: 'unknown_action', source: 'ASVS 5 15.3.6' },
  { attack: 'action constructor', frame: { action: 'constructor' }, code: 'unknown_action', source: 'ASVS 5 15.3.6' },
  { attack: 'action toString', frame: { action: 'toString' }, code: 'unknown_action', source: 'ASVS 5 15.3.6' },
  {
    attack: 'action in another case',
    frame: { action: 'SENDMESSAGE', text: 'hello' },
    code: 'unknown_action',
    source: 'ASVS 5 2.2.1',
  },
  { attack: 'action $connect', frame: { action: '$connect' }, code: 'unknown_action', source: 'ASVS 5 2.3.1' },
  { attack: 'action fanOut', frame: { action: 'fanOut', Records: [] }, code: 'unknown_action', source: 'ASVS 5 8.2.1' },
  {
    attack: 'a __proto__ property',
    frame: '{"action":"sendMessage","text":"hello","__proto__":{"admin":true}}',
    code: 'invalid_message',
    source: 'ASVS 5 15.3.6',
  },
  {
    attack: 'a constructor.prototype property',
    frame: '{"action":"ping","constructor":{"prototype":{"admin":true}}}',
    code: 'invalid_message',
    source: 'ASVS 5 15.3.6',
  },
];

const extraFields: Refused[] = [
  ['seq', 1],
  ['actor', { id: 'x'.repeat(22), name: 'Admin' }],
  ['room', 'other'],
  ['connectionId', 'somebody-else'],
  ['id', `${'x'.repeat(22)}:1`],
  ['at', 0],
  ['type', 'MessageDeleted'],
  ['data', {}],
  ['requestContext', { connectionId: 'somebody-else' }],
].map(([name, value]) => ({
  attack: name as string,
  frame: { action: 'sendMessage', text: 'hello', [name as string]: value },
  code: 'invalid_message',
  source: 'ASVS 5 15.3.3',
}));

const texts: Refused[] = [
  {
    attack: 'a lone high surrogate',
    frame: '{"action":"sendMessage","text":"\\ud800"}',
    code: 'invalid_message',
    source: 'RFC 8259 §8.2',
  },
  {
    attack: 'a lone low surrogate in a word',
    frame: '{"action":"sendMessage","text":"he\\udc00llo"}',
    code: 'invalid_message',
    source: 'RFC 8259 §8.2',
  },
  {
    attack: 'a raw lone surrogate',
    frame: '{"action":"sendMessage","text":"he\ud800llo"}',
    code: 'invalid_message',
    source: 'RFC 6455 §8.1',
  },
  {
    attack: 'NUL',
    frame: { action: 'sendMessage', text: 'a\u0000b' },
    code: 'invalid_message',
    source: 'ASVS 5 2.2.1',
  },
  {
    attack: 'terminal escapes',
    frame: { action: 'sendMessage', text: '\u001b[2J' },
    code: 'invalid_message',
    source: 'ASVS 5 16.4.1',
  },
  {
    attack: 'a carriage return',
    frame: { action: 'sendMessage', text: 'a\rb' },
    code: 'invalid_message',
    source: 'ASVS 5 16.4.1',
  },
  { attack: 'empty', frame: { action: 'sendMessage', text: '' }, code: 'invalid_message', source: 'ASVS 5 2.2.1' },
  {
    attack: 'white space',
    frame: { action: 'sendMessage', text: ' \n\t\u3000' },
    code: 'invalid_message',
    source: 'ASVS 5 2.2.1',
  },
  {
    attack: 'characters nobody sees',
    frame: { action: 'sendMessage', text: '\u200b\u2060\ufeff' },
    code: 'invalid_message',
    source: 'Unicode TR 36, inadequate rendering support',
  },
];

const identifiers: Refused[] = [
  ['with a colon', 'a:b'],
  ['of another person', `${'x'.repeat(22)}:1`],
  ['of 65 characters', 'x'.repeat(65)],
  ['empty', ''],
  ['a number', 1],
  ['an object', { $ne: null }],
  ['with a line break', 'a\nb'],
].map(([attack, clientMessageId]) => ({
  attack: `a clientMessageId ${attack}`,
  frame: { action: 'sendMessage', text: 'hello', clientMessageId },
  code: 'invalid_message',
  source: 'ASVS 5 1.2.4, 2.2.1',
}));

describe.each([
  ['size', sizes],
  ['shape', shapes],
  ['extra fields', extraFields],
  ['text', texts],
  ['identifier', identifiers],
])('frames refused for their %s', (_group, rows) => {
  it.each(rows)('$attack: $code, nothing is appended, the socket lives on ($source)', async ({ frame, code }) => {
    const before = await backEnd.eventsInLog();
    const answer = await backEnd.send(alice, frame);
    expect(answer).toMatchObject({ type: 'error', code });
    expect(answer.message).not.toContain('hello');
    expect(await backEnd.eventsInLog()).toEqual(before);
    expect(Object.prototype).not.toHaveProperty('admin');
    expect(await backEnd.send(alice, { action: 'ping' })).toMatchObject({ type: 'pong' });
  });
});

it('a binary frame is refused, whatever is in it (RFC 6455 §5.6)', async () => {
  const before = await backEnd.eventsInLog();
  for (const bytes of [Buffer.from(send('hello')), Buffer.from([0xff, 0xfe, 0x00])]) {
    const answer = await backEnd.send(alice, bytes.toString('base64'), { route: 'sendMessage', isBase64Encoded: true });
    expect(answer).toMatchObject({ type: 'error', code: 'invalid_message' });
  }
  expect(await backEnd.eventsInLog()).toEqual(before);
});

describe('who may do what (ASVS 5 8.2.1, 8.2.2)', () => {
  it.each([
    { action: 'sendMessage', frame: { action: 'sendMessage', text: 'a guest was here' } },
    { action: 'deleteMessage', frame: { action: 'deleteMessage', target: `${'x'.repeat(22)}:1` } },
  ])('a guest may not $action', async ({ frame }) => {
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(guest, frame)).toMatchObject({ type: 'error', code: 'unauthenticated' });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });

  it('a connection that was never opened may do nothing', async () => {
    for (const frame of [{ action: 'sendMessage', text: 'from nowhere' }, { action: 'ping' }]) {
      expect(await backEnd.send('no-such-connection', frame)).toMatchObject({ code: 'unauthenticated' });
    }
  });

  it.each([
    { attack: 'somebody else’s message', target: () => `${actor('bob')}:bobs`, code: 'forbidden' },
    { attack: 'one that is not there', target: () => `${actor('alice')}:never-sent`, code: 'invalid_message' },
    { attack: 'one’s own in another room', target: () => `${actor('alice')}:elsewhere`, code: 'invalid_message' },
    { attack: 'by a pattern', target: () => `${actor('alice')}:*`, code: 'invalid_message' },
    { attack: 'by an operator', target: () => ({ begins_with: '' }), code: 'invalid_message' },
  ])('nobody deletes $attack: $code', async ({ target, code }) => {
    const [bob, elsewhere] = await Promise.all([backEnd.connectedAs('bob'), backEnd.connectedAs('alice', 'other')]);
    await backEnd.send(bob, { action: 'sendMessage', text: 'said by bob', clientMessageId: 'bobs' });
    await backEnd.send(elsewhere, { action: 'sendMessage', text: 'said elsewhere', clientMessageId: 'elsewhere' });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, { action: 'deleteMessage', target: target() })).toMatchObject({ code });
    expect(await backEnd.eventsInLog()).toEqual(before);
    await Promise.all([backEnd.disconnect(bob), backEnd.disconnect(elsewhere)]);
  });

  it('a deletion under the id of its own target is a conflict, and the message stays', async () => {
    const clientMessageId = 'stays';
    const { id } = await backEnd.send(alice, { action: 'sendMessage', text: 'this one stays', clientMessageId });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, { action: 'deleteMessage', target: id, clientMessageId })).toMatchObject({
      code: 'conflict',
      clientMessageId,
    });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });
});

describe('one clientMessageId (I2, ASVS 5 2.3.4)', () => {
  it('with the same body again is acknowledged again and in the log once; with another body it is a conflict', async () => {
    const frame = { action: 'sendMessage', text: 'said only once', clientMessageId: 'again' };
    const first = await backEnd.send(alice, frame);
    expect(first).toMatchObject({ type: 'ack', clientMessageId: 'again' });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, frame)).toEqual(first);
    expect(await backEnd.send(alice, { ...frame, text: 'said otherwise' })).toMatchObject({
      code: 'conflict',
      clientMessageId: 'again',
    });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });

  it('of another person is another message', async () => {
    const bob = await backEnd.connectedAs('bob');
    const frame = { action: 'sendMessage', text: 'said by two people', clientMessageId: 'shared' };
    const answers = await Promise.all([backEnd.send(alice, frame), backEnd.send(bob, frame)]);
    expect(answers.map(({ id }) => id)).toEqual([`${actor('alice')}:shared`, `${actor('bob')}:shared`]);
    await backEnd.disconnect(bob);
  });

  it('raced over ten connections is in the log once, whichever body won', async () => {
    const own = await Promise.all(Array.from({ length: 10 }, () => backEnd.connectedAs('carol')));
    const answers = await Promise.all(
      own.map((id, index) =>
        backEnd.send(id, { action: 'sendMessage', text: `race of bodies ${index % 2}`, clientMessageId: 'race' }),
      ),
    );
    expect(answers.filter(({ type }) => type === 'ack')).toHaveLength(5);
    expect(answers.filter(({ code }) => code === 'conflict')).toHaveLength(5);
    const raced = (await backEnd.eventsInLog()).filter(({ id }) => id === `${actor('carol')}:race`);
    expect(raced).toHaveLength(1);
    await Promise.all(own.map((id) => backEnd.disconnect(id)));
  });
});

describe('texts that would be dangerous where they are interpreted are kept as they are (ASVS 5 1.1.2)', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '[click](javascript:alert(1))',
    'javascript:alert(document.domain)',
    '\u202Egnp.exe\u202C is not what it seems',
    '{{constructor.constructor("alert(1)")()}}',
    '"},{"seq":1,"text":"forged',
    '=HYPERLINK("https://evil.example")',
    `Z${'\u0301'.repeat(1_000)}`,
    'two\nlines\tand a tab',
    'line\u2028separator',
  ])('%j', async (text) => {
    const answer = await backEnd.send(alice, { action: 'sendMessage', text });
    expect(answer).toMatchObject({ type: 'ack' });
    expect(await backEnd.eventsInLog()).toContainEqual(
      expect.objectContaining({ id: answer.id, room: 'lobby', type: 'MessagePosted', data: { text } }),
    );
  });
});

it('an event holds who the token named and nothing a frame could say (ASVS 5 8.3.1)', async () => {
  const name = 'Eve\r\n{"level":"info","event":"forged"}';
  const eve = await backEnd.connected({ token: backEnd.token({ sub: 'eve', name }) });
  const { id } = await backEnd.send(eve, { action: 'sendMessage', text: 'who am I?', clientMessageId: 'who' });
  const event = (await backEnd.eventsInLog()).find((item) => item.id === id);
  expect(event).toEqual({
    room: 'lobby',
    id: `${actor('eve')}:who`,
    type: 'MessagePosted',
    v: 1,
    at: expect.closeTo(Date.now(), -5),
    actor: { id: actor('eve'), name: 'Eve {"level":"info","event":"forged"}' },
    data: { text: 'who am I?' },
  });
  expect(backEnd.log.entries().map(({ event }) => event)).not.toContain('forged');
  await backEnd.disconnect(eve);
});
