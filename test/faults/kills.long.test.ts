import { once } from 'node:events';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { redirectUris } from '../../local/settings.ts';
import { signIn } from '../../local/sign-in.ts';
import { evolveRules, noRules, type RuleEvent, type Rules } from '../../src/domain/governance/rules.ts';
import type { EventId } from '../../src/domain/schema.generated.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';

const KILLS = 20;
const tables = { eventsTable: 'shout-box-dev-events', stateTable: 'shout-box-dev-state' };
const person = (n: number) => `person${n}`.padEnd(22, '-');

let stack: Stack & AsyncDisposable;
let log: DynamoEventLog;
beforeAll(async () => {
  stack = await startStack({ env: { RATE_BURST: '100000', RATE_PER_SECOND: '100000' } });
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('DYNAMODB_ENDPOINT', stack.dynamodb);
  log = new DynamoEventLog(documentClient(), tables, runtime);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack?.[Symbol.asyncDispose]();
});

async function moderator(): Promise<string> {
  const [redirectUri] = redirectUris({ web: stack.web, otherOrigin: stack.web });
  const tokens = await signIn({ ...stack, redirectUri: redirectUri!, name: 'mod', role: 'moderator' });
  return tokens.access_token;
}

/** The n-th decision: bans, with and without an end or hiding, their end, and rules of the room. */
function decision(n: number): object {
  const frame = [
    { action: 'banPerson', person: person(n), hide: true },
    { action: 'changeRoom', slow: n % 3_000 },
    { action: 'banPerson', person: person(n), seconds: 86_400 },
    { action: 'changeRoom', locked: n % 2 === 0 },
    { action: 'unbanPerson', person: person(n - 2) },
  ][n % 5]!;
  return { ...frame, clientMessageId: `decision-${n}` };
}

/** Sends all, and again what has no ack; resolves once so many have one, or the socket closes. */
async function send(socket: TestSocket, frames: Map<string, object>, acked: Map<string, EventId>, until: number) {
  socket.onFrame((frame) => {
    if (frame.type === 'ack') acked.set(frame.clientMessageId, frame.id);
    else if (frame.type === 'error' && frame.clientMessageId) {
      const again = frames.get(frame.clientMessageId);
      if (again) socket.send(again);
    }
  });
  for (const [id, frame] of frames) if (!acked.has(id)) socket.send(frame);
  while (acked.size < until) await once(socket.socket, 'message');
}

/** Every event of the room, once all have their numbers. */
async function numbered(room: string, acked: ReadonlyMap<string, EventId>): Promise<RuleEvent[]> {
  for (const id of acked.values()) {
    while ((await log.find(room, id))?.seq === undefined) await runtime.sleep(50);
  }
  return (await log.readAfter(room, 0, 10_000)) as RuleEvent[];
}

it(`${KILLS} kills in the midst of bans and rule changes: no decision is lost or half done`, async () => {
  const room = 'kills';
  const frames = new Map<string, object>();
  const acked = new Map<string, EventId>();
  let unsure = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const token = await moderator();
    const socket = await TestSocket.open(`${stack.ws}?room=${room}`, { token });
    for (let n = 0; n < 12; n++) frames.set(`decision-${frames.size}`, decision(frames.size));
    const closed = socket.closed();
    // At another place each time: from the first ack to the last but one.
    await send(socket, frames, acked, acked.size + 1 + ((kill * 5) % 11));
    unsure += frames.size - acked.size;
    await stack.kill9();
    await closed;
    await stack.start();

    const repeating = await TestSocket.open(`${stack.ws}?room=${room}`, { token: await moderator() });
    await send(repeating, frames, acked, frames.size);
    repeating.close();
    const events = await numbered(room, acked);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ id }: RuleEvent & { id?: string }) => id?.split(':')[1]).toSorted()).toEqual(
      [...frames.keys()].toSorted(),
    );
    const rules: Rules = events.reduce(evolveRules, noRules);
    const head = await log.head(room);
    expect(await log.rules(room, head)).toEqual(rules);
    expect(head.rulesAt).toBe(rules.at);
  }
  expect(unsure).toBeGreaterThan(0);
  console.log(`${frames.size} decisions, ${unsure} without an ack when the stack was killed, ${KILLS} kills`);
});

it('with State lost, every ban still holds', async () => {
  const room = 'kills';
  const before = await log.rules(room, await log.head(room));
  expect(Object.keys(before.bans).length).toBeGreaterThan(10);
  const { Items = [] } = await documentClient().send(new ScanCommand({ TableName: tables.stateTable }));
  for (const { pk, sk } of Items) {
    await documentClient().send(new DeleteCommand({ TableName: tables.stateTable, Key: { pk, sk } }));
  }
  const fresh = new DynamoEventLog(documentClient(), tables, runtime);
  const head = await fresh.openHead(room);
  expect(await fresh.rules(room, head)).toEqual(before);
});
