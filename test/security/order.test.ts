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
  backEnd = await BackEnd.start({ GUESTS: 'true', RATE_PER_SECOND: '0.01' });
});
afterAll(() => backEnd.stop());

async function orderOf(run: () => Promise<unknown>): Promise<string[]> {
  ran.length = 0;
  await run();
  return [...ran];
}

const FRAME = ['traceBefore', 'identifyBefore', 'rateLimitPersonBefore', 'parseBefore', 'validatorMiddlewareBefore'];
const CHEAP_FRAME = FRAME.filter((name) => name !== 'rateLimitPersonBefore');
const REFUSED = ['closeFloodingOnError', 'errorFramesOnError', 'traceOnError'];
const HTTP = [
  'traceBefore',
  'httpHeaderNormalizerMiddlewareBefore',
  'behindDistributionBefore',
  'authenticateRequestBefore',
  'rateLimitCallerBefore',
  'queryBefore',
  'validatorMiddlewareBefore',
];

/** For each action: the other fields of a valid frame, and the middlewares that run before the handler. */
const frames = [
  { action: 'sendMessage', fields: async () => ({ text: 'in good order' }), order: FRAME },
  {
    action: 'deleteMessage',
    fields: async (id: string) => ({
      target: (await backEnd.send(id, { action: 'sendMessage', text: 'not for long' })).id,
    }),
    order: FRAME,
  },
  { action: 'ping', fields: async () => ({}), order: CHEAP_FRAME },
  { action: 'authenticate', fields: async () => ({ token: backEnd.token({ sub: 'alice' }) }), order: CHEAP_FRAME },
];

describe('who looks at a frame first, and at a refusal last', () => {
  it.each(frames)('$action: who, how often, what, in this order', async ({ action, fields, order }) => {
    const id = await backEnd.connectedAs('alice');
    const frame = { action, ...(await fields(id)) };
    expect(await orderOf(() => backEnd.send(id, frame))).toEqual([...order, 'traceAfter']);
  });

  it.each(frames)(
    '$action of nobody: nothing but who is looked at; the answer is made and then logged',
    async ({ action, order }) => {
      expect(await orderOf(() => backEnd.send('no-such-connection', { action }))).toEqual([
        ...order.slice(0, 2),
        ...REFUSED,
      ]);
    },
  );

  it.each(frames)('$action that is no good frame: refused by the last to look at it', async ({ action, order }) => {
    const id = await backEnd.connectedAs('bob');
    expect(await orderOf(() => backEnd.send(id, { action, seq: 1 }))).toEqual([...order, ...REFUSED]);
  });

  it('whatever no route takes: how often comes before what', async () => {
    const id = await backEnd.guest();
    expect(await orderOf(() => backEnd.send(id, 'garbage'))).toEqual([
      'traceBefore',
      'identifyBefore',
      'parseBefore',
      ...REFUSED,
    ]);
  });

  it('over the limit, a frame is not even parsed', async () => {
    const id = await backEnd.connectedAs('mallory');
    await Promise.all(
      Array.from({ length: 11 }, () => backEnd.send(id, { action: 'sendMessage', text: 'again and again' })),
    );
    expect(await orderOf(() => backEnd.send(id, { action: 'sendMessage', text: 'once more' }))).toEqual([
      ...FRAME.slice(0, 3),
      ...REFUSED,
    ]);
  });
});

describe('who looks at a handshake first', () => {
  const CONNECT = [
    'traceBefore',
    'onlyEventBefore',
    'httpHeaderNormalizerMiddlewareBefore',
    'behindDistributionBefore',
    'queryBefore',
    'validatorMiddlewareBefore',
    'authenticateHandshakeBefore',
    'rateLimitCallerBefore',
  ];
  const REFUSED_CALL = ['rateLimitCallerOnError', 'errorStatusOnError', 'traceOnError'];

  it.each([
    { handshake: 'a good one', make: () => ({ token: backEnd.token() }), order: [...CONNECT, 'traceAfter'] },
    {
      handshake: 'one with a bad token',
      make: () => ({ token: 'a.b.c' }),
      order: [...CONNECT.slice(0, 7), ...REFUSED_CALL],
    },
    {
      handshake: 'one with a token in its query, before anyone reads a token',
      make: () => ({ query: { token: 'in-the-query' } }),
      order: [...CONNECT.slice(0, 6), ...REFUSED_CALL],
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
      order: [...HTTP.slice(0, 4), 'rateLimitCallerOnError', 'errorStatusOnError', 'traceOnError'],
    },
    {
      request: 'one that asks wrongly',
      query: { limit: '0' },
      headers: {},
      order: [...HTTP, 'rateLimitCallerOnError', 'errorStatusOnError', 'traceOnError'],
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

it('a request to config, which anyone may read, is only logged', async () => {
  expect(await orderOf(() => backEnd.invoke('config', {}))).toEqual([
    'traceBefore',
    'behindDistributionBefore',
    'traceAfter',
  ]);
});
