import { once } from 'node:events';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { redirectUris } from '../../local/settings.ts';
import { signIn } from '../../local/sign-in.ts';
import { authorOf } from '../../src/domain/feed/event-id.ts';
import { evolveRules, noRules, type RuleEvent, type Rules } from '../../src/domain/governance/rules.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import { chatHistory } from '../../src/domain/reading/history.ts';
import type { Ack, ActorId, EventId, Message, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';
import { bannedIn } from './bans.ts';
import type { Stored } from './history.ts';

const KILLS = 20;
/** Time-out per kill, ms. A kill takes about 5 s, mostly for the restart, and 20 s at a load average of 10 per core. */
const MOST_MS_PER_KILL = 40_000;
const DECISIONS_PER_KILL = 12;
const MESSAGES_PER_KILL = 6;
const IN_FLIGHT = 2;
/** Approximate time from the ack of an event to its number. */
const AFTER_ACK_MS = 30;
const ROOM = 'kills';
const tables = { eventsTable: 'shout-box-dev-events', stateTable: 'shout-box-dev-state' };

let stack: Stack & AsyncDisposable;
let log: DynamoEventLog;
let mallory: ActorId;
beforeAll(async () => {
  stack = await startStack({ env: { RATE_BURST: '100000', RATE_PER_SECOND: '100000' } });
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('DYNAMODB_ENDPOINT', stack.dynamodb);
  log = new DynamoEventLog(documentClient(), tables, runtime);
  mallory = authorOf(await idOf(await join('mallory', 'elsewhere'), hello))!;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack?.[Symbol.asyncDispose]();
});

const hello = { action: 'sendMessage', text: 'hello' };

async function join(name: string, room = ROOM, role?: 'moderator'): Promise<TestSocket> {
  const [redirectUri] = redirectUris({ web: stack.web, otherOrigin: stack.web });
  const { access_token: token } = await signIn({
    ...stack,
    redirectUri: redirectUri!,
    name,
    ...(role ? { role } : {}),
  });
  return TestSocket.open(`${stack.ws}?room=${room}`, { token });
}

async function idOf(socket: TestSocket, frame: object): Promise<EventId> {
  return ((await socket.ask(frame)) as Ack).id;
}

/**
 * Returns a moderator's n-th command. The commands take turns: a permanent ban, a slow mode, a temporary ban, a lock or
 * its end, and an unban.
 */
function decision(n: number): object {
  const person = n % 10 < 5 ? mallory : `person${n}`.padEnd(22, '-');
  const frame = [
    { action: 'banPerson', person, hide: true },
    { action: 'changeRoom', slow: n % 3_000 },
    { action: 'banPerson', person, seconds: 86_400 },
    { action: 'changeRoom', locked: n % 2 === 0 },
    { action: 'unbanPerson', person },
  ][n % 5]!;
  return { ...frame, clientMessageId: `decision-${n}` };
}

/**
 * Sends the frames that are not in `acked`, and repeats a frame that is refused as `unavailable`. At most `IN_FLIGHT`
 * frames wait for their acks, so that some events are numbered while other frames are still to be sent. Resolves once
 * `acked` has `until` entries.
 */
async function send(socket: TestSocket, frames: Map<string, object>, acked: Map<string, EventId>, until: number) {
  const waiting = [...frames.entries()].filter(([id]) => !acked.has(id)).map(([, frame]) => frame);
  const sendNext = () => {
    const frame = waiting.shift();
    if (frame) socket.send(frame);
  };
  socket.onFrame((frame) => {
    if (frame.type !== 'ack' && frame.type !== 'error') return;
    if (frame.type === 'ack') acked.set(frame.clientMessageId, frame.id);
    else {
      expect(frame.code).toBe('unavailable');
      waiting.push(frames.get(frame.clientMessageId!)!);
    }
    sendNext();
  });
  for (let n = 0; n < IN_FLIGHT; n++) sendNext();
  while (acked.size < until) await once(socket.socket, 'message');
}

/**
 * Returns a message to append to the log directly, as if it had been accepted before its author's ban was known. If the
 * ban has the lower number, numbering must void the message (remove its text).
 */
function saidBy(person: ActorId, n: number): NewEvent {
  const actor = { id: person, name: 'mallory' };
  return {
    ...{ room: ROOM, id: `${person}:said-${n}`, type: 'MessagePosted', v: 1, at: Date.now(), actor },
    data: { text: `words ${n}` },
  };
}

/** Waits until all these events have numbers. @returns every event of the room */
async function numbered(ids: readonly EventId[]): Promise<SequencedEvent[]> {
  for (const id of ids) {
    for (;;) {
      const found = await log.find(ROOM, id);
      expect(found, `${id}, which was acknowledged, is in the log`).toBeDefined();
      if (found?.seq !== undefined) break;
      await runtime.sleep(50);
    }
  }
  return log.readAfter(ROOM, 0, 10_000);
}

async function everyPage(): Promise<Message[]> {
  const all: Message[] = [];
  let before: number | null | undefined;
  while (before !== null) {
    const page = await chatHistory(log, ROOM, before, 100);
    all.push(...page.messages);
    before = page.nextBefore;
  }
  return all;
}

/** Returns the ids of voided and hidden messages, computed from the log alone. */
function unseen(events: readonly SequencedEvent[]): Set<EventId> {
  const said = events.map(({ at, ...event }) => ({ ...event, ...event.data, appendedAt: at }) as unknown as Stored);
  const { voided, hidden } = bannedIn(said);
  return new Set([...voided, ...hidden]);
}

it(
  `${KILLS} kills in the midst of bans and rule changes: no decision is lost or half done`,
  async () => {
    const frames = new Map<string, object>();
    const acked = new Map<string, EventId>();
    const messages: NewEvent[] = [];
    let unsure = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      const socket = await join('mod', ROOM, 'moderator');
      for (let n = 0; n < DECISIONS_PER_KILL; n++) frames.set(`decision-${frames.size}`, decision(frames.size));
      for (let n = 0; n < MESSAGES_PER_KILL; n++) messages.push(saidBy(mallory, messages.length));
      const closed = socket.closed();
      const said = Promise.allSettled(messages.slice(-MESSAGES_PER_KILL).map((event) => log.append(event)));
      // Each kill comes at another moment: after 1 to 11 of the 12 new acks, and then 0 to 29 ms later, while the
      // events are being numbered.
      await send(socket, frames, acked, acked.size + 1 + ((kill * 5) % 11));
      await runtime.sleep((kill * 7) % AFTER_ACK_MS);
      unsure += frames.size - acked.size;
      await stack.kill9();
      await Promise.all([closed, said]);
      await stack.start();

      const repeating = await join('mod', ROOM, 'moderator');
      await Promise.all([
        send(repeating, frames, acked, frames.size),
        ...messages.slice(-MESSAGES_PER_KILL).map((event) => log.append(event)),
      ]);
      repeating.close();
      const ids = [...acked.values(), ...messages.map(({ id }) => id)];
      const events = await numbered(ids);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());

      const rules: Rules = (events as RuleEvent[]).reduce(evolveRules, noRules);
      const head = await log.head(ROOM);
      expect(await log.rules(ROOM, head)).toEqual(rules);
      expect(head.rulesAt).toBe(rules.at);
      const gone = unseen(events);
      const shown = (await everyPage()).filter(({ text }) => text !== undefined).map(({ id }) => id);
      expect(shown.toSorted()).toEqual(
        messages
          .map(({ id }) => id)
          .filter((id) => !gone.has(id))
          .toSorted(),
      );
    }
    expect(unsure).toBeGreaterThan(0);
    console.log(`${frames.size} decisions, ${unsure} without an ack when the stack was killed, ${KILLS} kills`);
  },
  KILLS * MOST_MS_PER_KILL,
);

it('with State lost, every ban still holds', async () => {
  const moderator = await join('mod', ROOM, 'moderator');
  await numbered([await idOf(moderator, { action: 'banPerson', person: mallory, clientMessageId: 'the-last' })]);
  const before = await log.rules(ROOM, await log.head(ROOM));
  expect(Object.keys(before.bans).length).toBeGreaterThan(KILLS);
  expect(before.bans).toHaveProperty([mallory]);

  const { Items = [] } = await documentClient().send(new ScanCommand({ TableName: tables.stateTable }));
  for (const { pk, sk } of Items) {
    await documentClient().send(new DeleteCommand({ TableName: tables.stateTable, Key: { pk, sk } }));
  }
  const late = saidBy(mallory, -1);
  await log.append(late);
  const [voided] = (await numbered([late.id])).slice(-1);
  expect(voided).toMatchObject({ id: late.id, data: { voided: true } });
  expect(await (await join('mallory')).ask(hello)).toMatchObject({ code: 'forbidden', rule: 'banned' });
  const fresh = new DynamoEventLog(documentClient(), tables, runtime);
  expect(await fresh.rules(ROOM, await fresh.openHead(ROOM))).toEqual(before);
}, 120_000);
