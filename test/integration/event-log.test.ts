import { afterAll, beforeAll, describe } from 'vitest';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { dynamoEventLog } from '../contracts/dynamo-event-log.ts';
import { type EventLogSubject, eventLogContract } from '../contracts/event-log.ts';
import { startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const NOW = 1_700_000_000_000;

describe('the event log on DynamoDB', () => {
  let engine: TestDynamoDB;
  let subject: EventLogSubject;

  beforeAll(async () => {
    engine = await startDynamoDB();
    subject = {
      ...dynamoEventLog(documentClient(), () => NOW),
      // Neither engine lags.
      settled: async () => {},
    };
  });
  afterAll(() => engine.stop());

  eventLogContract(() => subject);
});
