import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../src/domain/erasure/erase.ts';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import type { Actor } from '../../src/domain/schema.generated.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { DynamoStoredItems } from '../../src/infra/dynamodb/stored-items.ts';
import { unnumberedEvents } from '../../src/infra/dynamodb/unnumbered-events.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const bob = { id: 'b'.repeat(22), name: 'Bob Berlin', picture: 'https://pictures.example/bob', skeleton: 'sk3l3ton' };
const carol = { id: 'c'.repeat(22), name: 'Carol' };
const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };

let engine: TestDynamoDB;
beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

test('a person is erased from both tables of a real engine, and nothing else is', async () => {
  const db = documentClient();
  const log = new DynamoEventLog(db, tables, runtime);
  const says = (n: number, actor: Actor): NewEvent => ({
    ...{ room: `erasure-${n % 2}`, id: `${actor.id}:${n}`, v: 1, at: n, actor },
    ...{ type: 'MessagePosted', data: { text: `${actor.name === 'Carol' ? 'stays' : 'secret'} ${n}` } },
  });
  for (const actor of [bob, carol]) {
    for (const room of [0, 1]) {
      const events = Array.from({ length: 40 }, (_, n) => says(2 * n + room, actor));
      for (const event of events) await log.append(event);
      await sequence(log, `erasure-${room}`, events);
    }
  }
  const roles = new Set(['member', 'friend']);
  const connection = { pk: 'CONN#erasure', sk: 'CONN', connectionId: 'erasure', room: 'erasure-0', actor: bob, roles };
  await db.send(new PutCommand({ TableName: STATE_TABLE, Item: connection }));
  // `erase` appends an event and sleeps until the event has a number. No fanOut runs here, so `sleep` numbers it.
  const sleep = async () => {
    for await (const event of unnumberedEvents(db, EVENTS_TABLE, () => {})) await sequence(log, event.room, [event]);
  };

  const erased = await erase(
    { person: bob.id },
    { ...runtime, sleep, log, items: new DynamoStoredItems(db, tables) },
    () => {},
  );

  expect(erased).toMatchObject({ proven: true, events: 80, rows: 1, rooms: ['erasure-0', 'erasure-1'], untold: [] });
  const scans = [EVENTS_TABLE, STATE_TABLE].map((TableName) => db.send(new ScanCommand({ TableName })));
  const items = (await Promise.all(scans)).flatMap(({ Items = [] }) => Items);
  const stored = JSON.stringify(items);
  expect(stored).not.toMatch(/secret|Berlin|pictures\.example|sk3l3ton/);
  expect(stored.match(/"stays \d+"/g)).toHaveLength(80);
  expect(items.find(({ pk }) => pk === connection.pk)).toMatchObject({ actor: { name: 'guest-bbbb' }, roles });
  for (const room of erased.rooms) {
    const events = await log.readAfter(room, 0, 200);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 81 }, (_, n) => n + 1));
    expect(events.at(-1)).toMatchObject({ type: 'PersonErased', data: { person: bob.id } });
  }
});
