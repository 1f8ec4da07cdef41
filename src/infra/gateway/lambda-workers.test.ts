import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import type { Slice } from '../../domain/ports/workers.ts';
import { runtime } from '../runtime.ts';
import { LambdaWorkers } from './lambda-workers.ts';

const slice: Slice = {
  frames: ['{"type":"events"}'],
  connections: [{ id: 'a=', room: 'stadium', connectedAt: 1 }],
  postsPerSecond: 2_250,
  budgetMs: 9_000,
};

let stop = () => {};
afterEach(() => stop());

/** Starts a local server in place of Lambda's Invoke API. Returns workers that call this server. */
async function lambda(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  return new LambdaWorkers(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    'box-prod-deliver',
    {
      region: 'eu-central-1',
      credentials,
    },
    runtime.now,
  );
}

it('invokes the worker, signed, and returns what it did', async () => {
  const { signal } = new AbortController();
  const delivery = { delivered: 1, gone: 0, failed: 0, expired: 0 };
  let asked: { url: string | undefined; body: unknown; authorization: string | undefined } | undefined;
  const workers = await lambda(async (request, response) => {
    asked = { url: request.url, authorization: request.headers.authorization, body: await json(request) };
    response.end(JSON.stringify(delivery));
  });
  expect(await workers.fanOut(slice, signal)).toEqual(delivery);
  expect(asked).toEqual({
    url: '/2015-03-31/functions/box-prod-deliver/invocations',
    authorization: expect.stringMatching(/\/eu-central-1\/lambda\/aws4_request, /),
    body: slice,
  });
});

it.each([
  ['cannot be invoked', 429, {}],
  ['throws', 200, { 'x-amz-function-error': 'Unhandled' }],
])('fails where the worker %s', async (_, status, headers) => {
  const workers = await lambda((_, response) => response.writeHead(status, headers).end('{"errorMessage":"no"}'));
  await expect(workers.fanOut(slice, new AbortController().signal)).rejects.toThrow(
    `answered ${status}: {"errorMessage":"no"}`,
  );
});

it('is waited for no longer than the delivery may take', async () => {
  const over = new AbortController();
  const workers = await lambda(() => over.abort());
  await expect(workers.fanOut(slice, over.signal)).rejects.toThrow('aborted');
});
