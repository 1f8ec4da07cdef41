import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encode } from '../../domain/delivery/frames.ts';
import type { Frame } from '../../domain/ports/gateway.ts';
import { runtime } from '../runtime.ts';
import { ManagementApiGateway, type Options } from './management-api.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const status =
  (code: number): Answer =>
  (response) => {
    response.writeHead(code, { 'content-length': '0' }).end();
  };
const reset: Answer = (_, { socket }) => socket.resetAndDestroy();
const nothing: Answer = () => undefined;

const frame = (n: number): Frame => encode({ type: 'events', room: 'lobby', epoch: String(n), events: [] });
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/**
 * Starts a server on loopback. It answers the posts to a connection with that connection's answers in `script`, in
 * order, and all further posts with 200.
 * Returns a gateway that posts to the server, and the posts that the server received.
 */
async function api(script: Record<string, Answer[]> = {}, options: Partial<Options> = {}) {
  const posts: { id: string; method: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const id = decodeURIComponent(request.url!.replace('/dev/@connections/', ''));
      posts.push({ id, method: request.method!, body, headers: request.headers });
      (script[id]?.shift() ?? status(200))(response, request);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  let now = 1_000_000;
  const gateway = new ManagementApiGateway({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    concurrency: 2,
    retryMs: 1,
    // Long enough for a busy machine. Tests that wait for a time-out set a shorter one.
    timeoutMs: 5_000,
    ...runtime,
    now: () => now,
    ...options,
  });
  const never = new AbortController().signal;
  return {
    gateway: {
      post: (id: string, frame: Frame, signal = never) => gateway.post(id, frame, signal),
      close: (id: string) => gateway.close(id),
    },
    posts,
    sockets,
    pass: (ms: number) => {
      now += ms;
    },
    postsTo: (id: string) => posts.filter((post) => post.id === id).map(({ body }) => JSON.parse(body).epoch),
  };
}

describe('a post', () => {
  it('delivers the frame, signed, to the connection it names', async () => {
    const { gateway, posts } = await api();
    expect(await gateway.post("a/b+c='!", frame(1))).toBe('delivered');
    expect(posts).toMatchObject([
      {
        id: "a/b+c='!",
        method: 'POST',
        body: Buffer.from(frame(1).body).toString(),
        headers: { authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//) },
      },
    ]);
  });

  it('to a connection that does not exist any more says so, and is not repeated', async () => {
    const { gateway, posts } = await api({ a: [status(410)] });
    expect(await gateway.post('a', frame(1))).toBe('gone');
    expect(posts).toHaveLength(1);
  });

  it.each([
    ['429', status(429)],
    ['500', status(500)],
    ['504', status(504)],
    ['a reset after it arrived', reset],
    ['no answer in time', nothing],
    [
      'something that is not HTTP',
      ((_, { socket }) => socket.end('220 mail.example.org ESMTP\r\n\r\n')) satisfies Answer,
    ],
  ])('is tried again after %s', async (_, answer) => {
    const { gateway, posts } = await api({ a: [answer] }, answer === nothing ? { timeoutMs: 500 } : {});
    expect(await gateway.post('a', frame(1))).toBe('delivered');
    expect(posts).toHaveLength(2);
  });

  it('is given up after a few tries, and never throws', async () => {
    const { gateway, posts } = await api({ a: Array.from({ length: 9 }, () => status(503)) });
    expect(await gateway.post('a', frame(1))).toEqual({ cause: 'broken', reason: '503' });
    expect(posts).toHaveLength(3);
  });

  it('where nobody listens has failed', async () => {
    const { gateway } = await api({}, { endpoint: 'http://127.0.0.1:1/dev' });
    expect(await gateway.post('a', frame(1))).toMatchObject({ cause: 'silent' });
  });

  it.each([400, 403, 404])('answered %i has failed at once, and its connection is not gone', async (code) => {
    const { gateway, posts } = await api({ a: [status(code)] });
    expect(await gateway.post('a', frame(1))).toEqual({ cause: 'refused', reason: `${code}` });
    expect(posts).toHaveLength(1);
  });
});

describe('a connection that struggles', () => {
  const failing = () => Array.from({ length: 3 }, () => status(429));

  it('gets a single try for a while, and then as many as others', async () => {
    const { gateway, posts, pass } = await api({ a: [...failing(), status(429), status(429)] });
    await gateway.post('a', frame(1));
    expect(await gateway.post('a', frame(2))).toMatchObject({ cause: 'throttled' });
    expect(posts).toHaveLength(4);
    pass(10_001);
    expect(await gateway.post('a', frame(3))).toBe('delivered');
    expect(posts).toHaveLength(6);
  });

  it('is tried again with the next frame, also after silence', async () => {
    const { gateway, posts } = await api({ a: [nothing, nothing] }, { timeoutMs: 500 });
    expect(await gateway.post('a', frame(1))).toMatchObject({ cause: 'silent' });
    expect(await gateway.post('a', frame(2))).toBe('delivered');
    expect(posts).toHaveLength(3);
  });

  it('does not delay the others', async () => {
    const { gateway, posts } = await api({ slow: Array.from({ length: 9 }, () => nothing) });
    void gateway.post('slow', frame(1));
    for (let n = 1; n <= 20; n++) expect(await gateway.post('quick', frame(n))).toBe('delivered');
    expect(posts.filter(({ id }) => id === 'slow')).toHaveLength(1);
  });
});

describe('the sockets', () => {
  it('are kept and not more than allowed, whatever is posted at once', async () => {
    const { gateway, sockets, posts } = await api();
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => gateway.post(`c${n}`, frame(1))));
    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    await gateway.post('later', frame(1));
    expect(posts).toHaveLength(51);
    expect(sockets.size).toBe(2);
  });

  it('that the server closed while they were idle cost no try and no wait', async () => {
    const { gateway, sockets, postsTo } = await api({ b: [reset] }, { attempts: 1 });
    await gateway.post('a', frame(1));
    expect(await gateway.post('b', frame(2))).toBe('delivered');
    expect(postsTo('b')).toEqual(['2', '2']);
    expect(sockets.size).toBe(2);
  });

  it('are replaced where an answer says they will be closed', async () => {
    const closing: Answer = (response) => response.writeHead(200, { connection: 'close' }).end();
    const { gateway, sockets } = await api({ a: [closing] });
    await gateway.post('a', frame(1));
    expect(await gateway.post('b', frame(1))).toBe('delivered');
    expect(sockets.size).toBe(2);
  });
});

describe('when the time of a delivery is over', () => {
  it('what waits for an answer, and what waits for a socket, ends at once, and its sockets with it', async () => {
    const { gateway, posts, sockets } = await api({ a: [nothing], b: [nothing] });
    const over = new AbortController();
    const outcomes = Promise.all(['a', 'b', 'c', 'd'].map((id) => gateway.post(id, frame(1), over.signal)));
    await vi.waitFor(() => expect(posts).toHaveLength(2), 20_000);
    over.abort();
    expect(await outcomes).toEqual(Array(4).fill({ cause: 'late', reason: expect.any(String) }));
    await vi.waitFor(() => expect([...sockets].every(({ destroyed }) => destroyed)).toBe(true), 20_000);
    expect(posts).toHaveLength(2);
  });

  it('another delivery goes on, and the next finds its connections without blame', async () => {
    const { gateway, posts } = await api({ a: [nothing, status(503), status(503)], b: [nothing] });
    const over = new AbortController();
    const late = [gateway.post('a', frame(1), over.signal), gateway.post('b', frame(1), over.signal)];
    const other = gateway.post('c', frame(1));
    await vi.waitFor(() => expect(posts).toHaveLength(2), 20_000);
    over.abort();
    await Promise.all(late);
    expect(await other).toBe('delivered');
    expect(await gateway.post('a', frame(2))).toBe('delivered');
    expect(await gateway.post('a', frame(3), over.signal)).toMatchObject({ cause: 'late' });
  });
});

describe('frames', () => {
  it('for one connection arrive in the order they are posted in, also through retries', async () => {
    const { gateway, postsTo } = await api({ a: [status(429), status(200), reset, status(200), status(500)] });
    for (let n = 1; n <= 5; n++) expect(await gateway.post('a', frame(n))).toBe('delivered');
    expect([...new Set(postsTo('a'))]).toEqual(['1', '2', '3', '4', '5']);
    expect(postsTo('a')).toEqual([...postsTo('a')].sort());
  });
});

describe('closing', () => {
  it('deletes the connection, and is best effort', async () => {
    const { gateway, posts } = await api({ a: [status(410)] });
    await gateway.close('a');
    expect(posts).toMatchObject([{ id: 'a', method: 'DELETE', body: '' }]);
  });
});
