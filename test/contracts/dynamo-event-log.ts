import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../src/domain/ports/clock.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../tables.ts';
import type { EventLogSubject } from './event-log.ts';

/**
 * Creates the log on DynamoDB, with functions that change its tables directly.
 * @param keptMs how long events are kept; for ever if absent
 */
export function dynamoEventLog(
  db: DynamoDBDocumentClient,
  now: Clock,
  keptMs?: number,
): Omit<EventLogSubject, 'settled'> {
  const headKey = (room: string) => ({ pk: `ROOM#${room}`, sk: 'HEAD' });
  const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };
  return {
    log: new DynamoEventLog(db, tables, { now, createId: runtime.createId, keptMs }),
    now,
    restoreHead: async (room, head) => {
      if (head) await db.send(new PutCommand({ TableName: STATE_TABLE, Item: { ...headKey(room), ...head } }));
      else await db.send(new DeleteCommand({ TableName: STATE_TABLE, Key: headKey(room) }));
    },
    delete: async (room, id) => {
      await db.send(new DeleteCommand({ TableName: EVENTS_TABLE, Key: { room, id } }));
    },
  };
}
