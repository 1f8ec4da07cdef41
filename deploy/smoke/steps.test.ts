import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type StepResult, smoke } from './run.ts';
import { guestSteps } from './steps.ts';

let server: Server;
afterEach(() => server.close());

/** Runs a guest's smoke test on a server that answers every request but `/config` with this status and body. */
async function asGuest(status: number, body: string): Promise<StepResult[]> {
  server = createServer(({ url }, response) => {
    if (url === '/config') response.end('{}');
    else response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const results: StepResult[] = [];
  const target = { name: 'a stage', server: `http://127.0.0.1:${port}` };
  const works = await smoke(target, guestSteps, (result) => results.push(result));
  expect(works).toBe(results.every(({ ok }) => ok));
  return results;
}

describe('what is tried as a guest', () => {
  it.each([
    ['reads', 200, '{"messages":[]}'],
    ['is refused by the function', 401, '{"code":"unauthenticated","message":"Sign in."}'],
  ])('works where a guest %s', async (_, status, body) => {
    expect(await asGuest(status, body)).toMatchObject([
      { step: 'settings', ok: true },
      { step: 'history answers a guest', ok: true },
    ]);
  });

  it.each([
    ['the function fails', 503, '{"code":"unavailable"}'],
    ['something before it refuses', 403, '<h1>403 ERROR</h1>'],
  ])('does not where %s, and names the part', async (_, status, body) => {
    const { ok, error } = (await asGuest(status, body)).at(-1)!;
    expect(ok).toBe(false);
    expect(error).toContain(`answered ${status}: ${body}. At fault: the chatHistory function`);
  });
});
