import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { type EventLogSubject, eventLogContract } from '../contracts/event-log.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

describe('the event log on DynamoDB', () => {
  let engine: TestDynamoDB;
  let subject: EventLogSubject;

  beforeAll(async () => {
    engine = await startDynamoDB();
    const db = documentClient();
    subject = {
      log: new DynamoEventLog(db, { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE }, runtime.createId),
      loseHead: async (room) => {
        await db.send(new DeleteCommand({ TableName: STATE_TABLE, Key: { pk: `ROOM#${room}`, sk: 'HEAD' } }));
      },
      // Neither engine lags.
      settled: async () => {},
    };
  });
  afterAll(() => engine.stop());

  eventLogContract(() => subject);
});
