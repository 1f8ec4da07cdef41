import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessagePosted, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../../web/client/shout-client.ts';
import { type Stack, startStack } from '../stack.ts';

const CLIENTS = 200;
const MESSAGES = 200;
/** Stays within the default limits: 20 connections per person, bursts of 10 messages. */
const PEOPLE = 20;

let stack: Stack & AsyncDisposable;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

it(`${CLIENTS} clients who say ${MESSAGES} things end with exactly 1..${MESSAGES}, in order, all the same`, async () => {
  const tokens = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => stack.token(`person-${n}`)));
  const crowd = Array.from({ length: CLIENTS }, (_, n) => join(tokens[n % PEOPLE]!));
  await Promise.all(crowd.map(({ live }) => live));

  for (let n = 0; n < MESSAGES; n++) crowd[n % CLIENTS]!.client.post(`message ${n}`);
  await Promise.all(crowd.map(({ complete }) => complete));

  const [first] = crowd;
  const ids = first!.applied.map(({ id }) => id);
  expect(new Set(ids).size).toBe(MESSAGES);
  expect(new Set(first!.applied.map(({ data }) => (data as MessagePosted['data']).text)).size).toBe(MESSAGES);
  for (const { applied, client } of crowd) {
    expect(applied.map(({ seq }) => seq)).toEqual(Array.from({ length: MESSAGES }, (_, n) => n + 1));
    expect(applied.map(({ id }) => id)).toEqual(ids);
    expect(client.snapshot.outgoing).toEqual([]);
    expect(client.malformed).toBe(0);
  }
  for (const { client } of crowd) client.close();
});

function join(token: string) {
  const client = new ShoutClient({ server: stack.http, getToken: async () => token });
  const applied: SequencedEvent[] = [];
  const live = Promise.withResolvers<void>();
  const complete = Promise.withResolvers<void>();
  client.subscribe(({ snapshot, arrived }) => {
    applied.push(...arrived);
    if (snapshot.connection === 'live') live.resolve();
    if (applied.length >= MESSAGES && snapshot.outgoing.length === 0) complete.resolve();
  });
  client.open();
  return { client, applied, live: live.promise, complete: complete.promise };
}
