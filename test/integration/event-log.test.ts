import { afterAll, beforeAll, describe } from 'vitest';
import type { EventLog } from '../../src/domain/ports/event-log.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { dynamoEventLog } from '../contracts/dynamo-event-log.ts';
import { type EventLogSubject, eventLogContract } from '../contracts/event-log.ts';
import { KEPT_MS, retentionContract } from '../contracts/retention.ts';
import { startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const NOW = 1_700_000_000_000;

let time = NOW;

describe('the event log on DynamoDB', () => {
  let engine: TestDynamoDB;
  let subject: EventLogSubject;

  beforeAll(async () => {
    engine = await startDynamoDB();
    subject = {
      ...dynamoEventLog(documentClient(), () => NOW),
      // Does not wait, because the indexes of the local engines do not lag.
      settled: async () => {},
    };
  });
  afterAll(() => engine.stop());

  eventLogContract(() => subject);

  describe('that lets old events go', () => {
    let log: EventLog;
    beforeAll(() => {
      ({ log } = dynamoEventLog(documentClient(), () => time, KEPT_MS));
    });
    const pass = (ms: number) => {
      time += ms;
    };
    retentionContract(() => ({ log, pass, settled: async () => {} }));
  });
});
