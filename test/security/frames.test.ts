import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackEnd } from './back-end.ts';

let backEnd: BackEnd;
let alice: string;

beforeAll(async () => {
  // Sets a rate limit that no test reaches, because rate limits have their own suite.
  backEnd = await BackEnd.start({ RATE_BURST: '1000000' });
});
afterAll(() => backEnd.stop());
beforeEach(async () => {
  alice = await backEnd.connectedAs('alice');
});
afterEach(async () => {
  await backEnd.disconnect(alice);
  backEnd.log.expectClean();
});

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
  ...['\u2800', ' \u3164\u2800\n', '\u{1d159}', '\ufffc', '\u{13441}'].map((text) => ({
    attack: `a text that shows nothing: ${JSON.stringify(text)}`,
    frame: { action: 'sendMessage', text },
    code: 'invalid_message',
    source: 'Unicode TR 36, inadequate rendering support',
  })),
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
