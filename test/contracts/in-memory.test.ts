import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { EventLog, Head, NewEvent } from '../../src/domain/ports/event-log.ts';
import type { Actor, EventBody } from '../../src/domain/schema.generated.ts';
import { DynamoAdmission } from '../../src/infra/dynamodb/admission.ts';
import { DynamoConnections } from '../../src/infra/dynamodb/connections.ts';
import { DynamoRateLimiter } from '../../src/infra/dynamodb/rate-limiter.ts';
import { InMemoryConnections } from '../in-memory/connections.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import { InMemoryEventLog } from '../in-memory/event-log.ts';
import { InMemoryRateLimiter } from '../in-memory/rate-limiter.ts';
import { STATE_TABLE, tableResources } from '../tables.ts';
import { admissionContract, FRAMES } from './admission.ts';
import { connectionsContract, MAX_PER_PERSON } from './connections.ts';
import { dynamoEventLog } from './dynamo-event-log.ts';
import { eventLogContract } from './event-log.ts';
import { BUCKET, rateLimiterContract } from './rate-limiter.ts';
import { KEPT_MS, retentionContract } from './retention.ts';

let time = 1_700_000_000_000;
const now = () => time;
const pass = (ms: number) => {
  time += ms;
};

/**
 * A DynamoDB in memory for the adapters of src/infra. Its indexes show changes only after a call of `engineSettled`.
 */
const engine = InMemoryDynamoDB.from(tableResources(), { lags: () => true, pageItems: 7 });
const db = inMemoryClient(() => engine);
const engineSettled = async () => {
  for (const table of engine.tables.values()) for (const index of table.indexes.values()) index.catchUp();
};

describe('DynamoDB in memory', () => {
  it.each([
    ['a condition', { ConditionExpression: 'attribute_not_exists(pk) OR at = :one' }],
    ['a path of a condition', { ConditionExpression: 'attribute_exists(actor.Role)' }],
    ['SET', { UpdateExpression: 'SET epoch = :one, at = :one' }],
    ['the right side of SET', { UpdateExpression: 'SET epoch = if_not_exists(at, :one)' }],
    ['REMOVE', { UpdateExpression: 'REMOVE data' }],
    ['ADD', { UpdateExpression: 'ADD total :one' }],
    ['DELETE', { UpdateExpression: 'DELETE items :one' }],
  ])('takes no reserved word for the name of an attribute, as the engines do not: in %s', (_, expressions) => {
    const update = { UpdateExpression: 'SET epoch = :one', ExpressionAttributeValues: { ':one': 1 }, ...expressions };
    const input = { TableName: STATE_TABLE, Key: { pk: 'x', sk: 'x' } };
    expect(() => engine.execute('UpdateCommand', { ...input, ...update })).toThrow(/reserved keyword/);
  });

  it('takes none in a projection, and any by another name', () => {
    const get =
      (ProjectionExpression: string, names = {}) =>
      () =>
        engine.execute('GetCommand', {
          TableName: STATE_TABLE,
          Key: { pk: 'r', sk: 'r' },
          ProjectionExpression,
          ...names,
        });
    engine.execute('PutCommand', { TableName: STATE_TABLE, Item: { pk: 'r', sk: 'r', at: 1 } });
    expect(get('pk, at')).toThrow(/reserved keyword/);
    expect(get('#at', { ExpressionAttributeNames: { '#at': 'at' } })()).toEqual({ Item: { at: 1 } });
  });
});

describe('the event log as plain data', () => {
  const log = new InMemoryEventLog({ lags: () => true, now });
  const subject = {
    log,
    now,
    restoreHead: async (room: string, head: Head | undefined) => log.restoreHead(room, head),
    delete: async (room: string, id: string) => log.delete(room, id),
    settled: async () => log.catchUp(),
  };
  eventLogContract(() => subject);
});

describe('the event log on DynamoDB in memory', () => {
  eventLogContract(() => ({ ...dynamoEventLog(db, now), settled: engineSettled }));
});

describe('a log as plain data that lets old events go', () => {
  const log = new InMemoryEventLog({ lags: () => true, now, keptMs: KEPT_MS });
  retentionContract(() => ({ log, pass, settled: async () => log.catchUp() }));
});

describe('a log on DynamoDB in memory that lets old events go', () => {
  const { log } = dynamoEventLog(db, now, KEPT_MS);
  retentionContract(() => ({ log, pass, settled: engineSettled }));
});

describe('two processes that number one room', () => {
  const actor = { id: 'm'.repeat(22), name: 'mod', role: 'moderator' as const };
  const bob = { id: 'b'.repeat(22), name: 'bob' };
  const event = (n: number, by: Actor, body: EventBody): NewEvent => ({
    ...{ room: 'two-processes', id: `${by.id}:${n}`, v: 1, at: 1, actor: by },
    ...body,
  });

  it('judge by the rules of the head, whoever changed them', async () => {
    const [one, other] = [dynamoEventLog(db, now).log, dynamoEventLog(db, now).log];
    const number = async (log: EventLog, given: NewEvent) => {
      await log.append(given);
      return (await sequence(log, given.room, [given])).events[0]!.data;
    };
    const says = (n: number) => event(n, bob, { type: 'MessagePosted', data: { text: 'hello' } });
    const rule = (n: number, type: 'PersonBanned' | 'PersonUnbanned') =>
      event(n, actor, { type, data: { person: bob.id } });
    await number(one, rule(1, 'PersonBanned'));
    expect(await number(one, says(1))).toEqual({ voided: true });
    await number(other, rule(2, 'PersonUnbanned'));
    expect(await number(one, says(2))).toEqual({ text: 'hello' });
    await number(other, rule(3, 'PersonBanned'));
    expect(await number(one, says(3))).toEqual({ voided: true });
  });
});

describe('connections as plain data', () => {
  const connections = new InMemoryConnections({ maxPerPerson: MAX_PER_PERSON, now, pageSize: 7 });
  const find = (id: string) => connections.find(id);
  connectionsContract(() => ({ connections, find, now, pass, settled: async () => {} }));
});

describe('connections on DynamoDB in memory', () => {
  const connections = new DynamoConnections(db, STATE_TABLE, MAX_PER_PERSON, now);
  const admission = () => new DynamoAdmission(db, STATE_TABLE, FRAMES, now);
  const find = (id: string) => admission().admit(id);
  connectionsContract(() => ({ connections, find, now, pass, settled: engineSettled }));
  admissionContract(() => ({ admission, connections, now, pass }));
});

describe('the rate limiter as plain data', () => {
  const limiter = new InMemoryRateLimiter(BUCKET, now);
  rateLimiterContract(() => ({ limiter, pass }));
});

describe('the rate limiter on DynamoDB in memory', () => {
  const limiter = new DynamoRateLimiter(db, STATE_TABLE, BUCKET, now);
  rateLimiterContract(() => ({ limiter, pass }));
});
