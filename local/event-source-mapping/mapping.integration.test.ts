import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS_TABLE, startDynamoDB, type TestDynamoDB } from '../../test/dynamodb.ts';
import { compileFilter } from './filter.ts';
import { onLocalWrite } from './local-writes.ts';
import type { MappingSettings } from './settings.ts';
import { startMappings } from './start.ts';

let engine: TestDynamoDB;
let dir: string;
let db: DynamoDBClient;
let streams: DynamoDBStreamsClient;

beforeAll(async () => {
  engine = await startDynamoDB();
  db = new DynamoDBClient({ endpoint: engine.endpoint });
  streams = new DynamoDBStreamsClient({ endpoint: engine.endpoint });
});
afterAll(() => engine.stop());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapping-'));
  return () => rm(dir, { recursive: true });
});

const settings: MappingSettings = {
  functionKey: 'fanOut',
  tableName: EVENTS_TABLE,
  startingPosition: 'TRIM_HORIZON',
  batchSize: 20,
  maximumRetryAttempts: 3,
  maximumRecordAgeInSeconds: -1,
  bisectBatchOnFunctionError: true,
  reportBatchItemFailures: true,
  onFailure: false,
  wanted: compileFilter([{ eventName: ['INSERT'] }]),
};

const put = (room: string, id: string) =>
  db.send(new PutItemCommand({ TableName: EVENTS_TABLE, Item: { room: { S: room }, id: { S: id } } }));

/** Collects the event ids of one room. `all` resolves when there are `count` of them. */
function collector(room: string, count: number) {
  const ids: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const invoke = async (_functionKey: string, event: object) => {
    for (const { dynamodb } of (event as DynamoDBStreamEvent).Records) {
      if (dynamodb!.NewImage!.room!.S === room) ids.push(dynamodb!.NewImage!.id!.S!);
    }
    if (ids.length >= count) resolve(ids);
  };
  return { invoke, all: promise, ids };
}

describe('the mapping on a real stream', () => {
  it('delivers items put before and after it started, each once and in order, and no modifications', async () => {
    const wanted = Array.from({ length: 60 }, (_, n) => `a:${n}`);
    const { invoke, all, ids } = collector('order', wanted.length);
    for (const id of wanted.slice(0, 30)) await put('order', id);
    const stop = await startMappings([settings], streams, invoke, dir);
    for (const id of wanted.slice(30)) {
      await put('order', id);
      await db.send(
        new UpdateItemCommand({
          TableName: EVENTS_TABLE,
          Key: { room: { S: 'order' }, id: { S: id } },
          UpdateExpression: 'SET seq = :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );
    }
    await all;
    await stop();
    expect(ids).toEqual(wanted);
  });

  it('continues at its checkpoint after a restart, with what was put meanwhile', async () => {
    const first = collector('restart', 5);
    const stopFirst = await startMappings([settings], streams, first.invoke, dir);
    for (let n = 0; n < 5; n++) await put('restart', `a:${n}`);
    await first.all;
    await stopFirst();
    for (let n = 5; n < 8; n++) await put('restart', `a:${n}`);
    const second = collector('restart', 3);
    const stopSecond = await startMappings([settings], streams, second.invoke, dir);
    await second.all;
    await stopSecond();
    expect(second.ids).toEqual(['a:5', 'a:6', 'a:7']);
  });
});

describe('a write of this process', () => {
  it('is noticed; a read is not, and nothing is after the end', async () => {
    let writes = 0;
    const end = onLocalWrite(() => writes++);
    await put('noticed', 'a:1');
    expect(writes).toBe(1);
    await db.send(new GetItemCommand({ TableName: EVENTS_TABLE, Key: { room: { S: 'noticed' }, id: { S: 'a:1' } } }));
    expect(writes).toBe(1);
    end();
    await put('noticed', 'a:2');
    expect(writes).toBe(1);
  });
});
