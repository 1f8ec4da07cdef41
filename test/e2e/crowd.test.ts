import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessagePosted, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../../web/client/shout-client.ts';
import { type Stack, startStack } from '../stack.ts';

const CLIENTS = 200;
const MESSAGES = 200;
/** Number of people. With this many, each stays within the default limits: 20 connections, bursts of 10 messages. */
const PEOPLE = 20;

let stack: Stack & AsyncDisposable;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

it(`${CLIENTS} clients who say ${MESSAGES} things end with exactly 1..${MESSAGES}, in order, all the same`, async () => {
  const tokens = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => stack.token(`person-${n}`)));
  const crowd: Member[] = [];
  // Clients join in groups. If all joined at once, a busy machine would answer so late that they try again.
  while (crowd.length < CLIENTS) {
    const group = tokens.map(join);
    await Promise.all(group.map(({ live }) => live));
    crowd.push(...group);
  }

  for (let said = 0; said < MESSAGES; said += PEOPLE) {
    for (let n = said; n < said + PEOPLE; n++) crowd[n % CLIENTS]!.client.post(`message ${n}`);
    await Promise.all(crowd.map(({ has }) => has(said + PEOPLE)));
  }

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

interface Member {
  client: ShoutClient;
  applied: SequencedEvent[];
  live: Promise<void>;
  /** Resolves when `count` events are applied and all of this client's messages are acknowledged. */
  has(count: number): Promise<void>;
}

function join(token: string): Member {
  const client = new ShoutClient({ server: stack.http, getToken: async () => token });
  const applied: SequencedEvent[] = [];
  const once = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => is() && resolve();
      client.subscribe(look);
      look();
    });
  client.subscribe(({ arrived }) => applied.push(...arrived));
  client.open();
  return {
    client,
    applied,
    live: once(() => client.snapshot.connection === 'live'),
    has: (count) => once(() => applied.length >= count && client.snapshot.outgoing.length === 0),
  };
}
