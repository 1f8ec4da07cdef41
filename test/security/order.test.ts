import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BackEnd } from './back-end.ts';

/** The middlewares that ran, by the names of their functions, in the order in which they ran. */
const ran = vi.hoisted(() => [] as string[]);

vi.mock('@middy/core', async (importOriginal) => {
  const { default: middy } = await importOriginal<typeof import('@middy/core')>();
  return { default: () => middy({ beforeMiddleware: (name) => ran.push(name) }) };
});

let backEnd: BackEnd;

beforeAll(async () => {
  backEnd = await BackEnd.start({ GUESTS: 'true' });
});
afterAll(() => backEnd.stop());

async function orderOf(run: () => Promise<unknown>): Promise<string[]> {
  ran.length = 0;
  await run();
  return [...ran];
}

const FRAME = ['traceBefore', 'identifyBefore', 'rateLimitPersonBefore', 'parseBefore', 'validateBefore'];
const CHEAP_FRAME = ['traceBefore', 'identifyBefore', 'rateLimitConnectionBefore', 'parseBefore', 'validateBefore'];
const HTTP = ['traceBefore', 'httpHeaderNormalizerMiddlewareBefore', 'authenticateRequestBefore', 'validateBefore'];

const nobody = () => 'no-such-connection';
const target = `${'x'.repeat(22)}:1`;

/** `handled`: the order where all is well; `refused`: where one of them, the last named, refuses. */
const frames = [
  { action: 'sendMessage', good: { text: 'in good order' }, handled: FRAME },
  { action: 'ping', good: {}, handled: CHEAP_FRAME },
  { action: 'authenticate', good: () => ({ token: backEnd.token() }), handled: CHEAP_FRAME },
];

describe('who looks at a frame first, and at a refusal last', () => {
  it.each(frames)('$action: who, how often, what, in this order', async ({ action, good, handled }) => {
    const id = await backEnd.connectedAs('alice');
    const frame = { action, ...(typeof good === 'function' ? good() : good) };
    expect(await orderOf(() => backEnd.send(id, frame))).toEqual([...handled, 'traceAfter']);
  });

  it.each([
    ...frames.map((row) => ({ ...row, at: 'who it is', id: nobody, frame: { action: row.action }, ran: 2 })),
    ...frames.map((row) => ({
      ...row,
      at: 'what it says',
      id: () => backEnd.connectedAs('alice'),
      frame: { action: row.action, seq: 1 },
      ran: 5,
    })),
    {
      action: 'deleteMessage',
      handled: FRAME,
      at: 'whose it is',
      id: () => backEnd.connectedAs('alice'),
      frame: { action: 'deleteMessage', target },
      ran: 5,
    },
    {
      action: 'deleteMessage',
      handled: FRAME,
      at: 'what it says',
      id: () => backEnd.connectedAs('alice'),
      frame: { action: 'deleteMessage' },
      ran: 5,
    },
  ])(
    '$action refused for $at: nothing further runs, the answer is made and then logged',
    async ({ id, frame, handled, ran }) => {
      const connectionId = await id();
      expect(await orderOf(() => backEnd.send(connectionId, frame))).toEqual([
        ...handled.slice(0, ran),
        'errorFramesOnError',
        'traceOnError',
      ]);
    },
  );

  it('whatever no route takes: how often comes before what', async () => {
    const id = await backEnd.guest();
    expect(await orderOf(() => backEnd.send(id, 'garbage'))).toEqual([
      'traceBefore',
      'rateLimitConnectionBefore',
      'parseBefore',
      'errorFramesOnError',
      'traceOnError',
    ]);
  });

  it('over the limit, a frame is not even parsed', async () => {
    const id = await backEnd.connectedAs('mallory');
    await Promise.all(
      Array.from({ length: 30 }, () => backEnd.send(id, { action: 'sendMessage', text: 'again and again' })),
    );
    expect(await orderOf(() => backEnd.send(id, { action: 'sendMessage', text: 'once more' }))).toEqual([
      ...FRAME.slice(0, 3),
      'errorFramesOnError',
      'traceOnError',
    ]);
  });
});

describe('who looks at a handshake first', () => {
  const CONNECT = [
    'traceBefore',
    'onlyEventBefore',
    'httpHeaderNormalizerMiddlewareBefore',
    'validateBefore',
    'authenticateHandshakeBefore',
  ];

  it.each([
    { handshake: 'a good one', make: () => ({ token: backEnd.token() }), order: [...CONNECT, 'traceAfter'] },
    {
      handshake: 'one with a bad token',
      make: () => ({ token: 'a.b.c' }),
      order: [...CONNECT, 'errorStatusOnError', 'traceOnError'],
    },
    {
      handshake: 'one with a token in its query, before anyone reads a token',
      make: () => ({ query: { token: 'in-the-query' } }),
      order: [...CONNECT.slice(0, 4), 'errorStatusOnError', 'traceOnError'],
    },
  ])('$handshake', async ({ make, order }) => {
    expect(await orderOf(() => backEnd.connect(make()))).toEqual(order);
  });
});

describe.each(['chatHistory', 'events'] as const)('who looks at a request to %s first', (handler) => {
  it.each([
    { request: 'a good one', query: { after: '0' }, headers: {}, order: [...HTTP, 'traceAfter'] },
    {
      request: 'one of nobody',
      query: {},
      headers: { authorization: 'Basic x' },
      order: [...HTTP.slice(0, 3), 'errorStatusOnError', 'traceOnError'],
    },
    {
      request: 'one that asks wrongly',
      query: { limit: '0' },
      headers: {},
      order: [...HTTP, 'errorStatusOnError', 'traceOnError'],
    },
  ])('$request', async ({ query, headers, order }) => {
    const asked: Record<string, string> = { ...query };
    if (handler === 'chatHistory') delete asked.after;
    expect(await orderOf(() => backEnd.get(handler, asked, headers))).toEqual(order);
  });
});

it('a $disconnect is looked at by the gateway’s word alone', async () => {
  expect(await orderOf(() => backEnd.disconnect('gone'))).toEqual(['traceBefore', 'onlyEventBefore', 'traceAfter']);
});
