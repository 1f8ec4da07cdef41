import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { documentClient } from './client.ts';
import { TableClock } from './table-clock.ts';

const NOW = Date.parse('2027-01-15T12:00:00Z');
const A_MINUTE_AHEAD = new Date(NOW + 60_000).toUTCString();

let status = 200;
/** Number of requests that must have arrived before the server answers any of them. */
let together = 1;
const waiting: (() => void)[] = [];
const table = createServer(async (_request, response) => {
  const all = new Promise<void>((resolve) => waiting.push(resolve));
  if (waiting.length >= together) for (const answer of waiting.splice(0)) answer();
  await all;
  const body = status === 200 ? '{}' : '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}';
  response.writeHead(status, { date: A_MINUTE_AHEAD, 'content-type': 'application/x-amz-json-1.0' }).end(body);
});

beforeEach(async () => {
  await new Promise<void>((resolve) => table.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('DYNAMODB_ENDPOINT', `http://127.0.0.1:${(table.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  table.closeAllConnections();
  await new Promise((resolve) => table.close(resolve));
});

it.each([200, 400])('hears the date of an answer with status %d', async (answer) => {
  status = answer;
  const clock = new TableClock(() => NOW);
  const client = documentClient(clock);
  await client.send(new GetCommand({ TableName: 'State', Key: { pk: 'a', sk: 'b' } })).catch(() => {});
  client.destroy();
  expect(clock.now()).toBe(NOW + 60_000);
});

it('requests do not wait for each other’s sockets, of which the SDK would open 50', async () => {
  // Fakes the client's time-outs, because they could end a request on a busy machine.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  [status, together] = [200, 60];
  const client = documentClient();
  const get = () => client.send(new GetCommand({ TableName: 'State', Key: { pk: 'a', sk: 'b' } }));
  await Promise.all(Array.from({ length: together }, get));
  client.destroy();
  vi.useRealTimers();
}, 10_000);
