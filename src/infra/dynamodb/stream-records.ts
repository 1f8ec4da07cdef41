import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { StoredEvent } from '../../domain/ports/event-log.ts';
import { RULES_ID } from './room-rules.ts';

/** The events of one batch for one room, in stream order. */
export interface RoomBatch {
  name: string;
  events: StoredEvent[];
  /** SequenceNumbers of the records that held the events. */
  sequenceNumbers: string[];
}

/**
 * Reads a batch of stream records and groups its new events by room. Every inserted item is a new event, unless the
 * item holds a room's rules. An INSERT that cannot be read is listed in `skipped`, and does not block the shard.
 */
export function eventsByRoom(records: readonly DynamoDBRecord[]): { rooms: RoomBatch[]; skipped: string[] } {
  const rooms = new Map<string, RoomBatch>();
  const skipped: string[] = [];
  for (const { eventName, dynamodb } of records) {
    if (eventName !== 'INSERT') continue;
    if (dynamodb?.NewImage?.id?.S === RULES_ID) continue;
    const sequenceNumber = dynamodb?.SequenceNumber;
    try {
      const event = toStoredEvent(unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>));
      if (sequenceNumber === undefined) throw new Error('no SequenceNumber');
      const room = rooms.get(event.room) ?? { name: event.room, events: [], sequenceNumbers: [] };
      room.events.push(event);
      room.sequenceNumbers.push(sequenceNumber);
      rooms.set(event.room, room);
    } catch (error) {
      skipped.push(`${sequenceNumber}: ${(error as Error).message}`);
    }
  }
  return { rooms: [...rooms.values()], skipped };
}

/**
 * Tells Lambda which record failed first. Lambda then sends this record and all later ones of the batch again.
 * SequenceNumbers have up to 40 digits, so they are compared as BigInt.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 *
 * @param rooms the failed rooms of the batch
 */
export function batchFailures(rooms: readonly RoomBatch[]): DynamoDBBatchResponse {
  const failed = rooms.flatMap(({ sequenceNumbers }) => sequenceNumbers).map(BigInt);
  if (failed.length === 0) return { batchItemFailures: [] };
  const lowest = failed.sort((a, b) => (a < b ? -1 : 1))[0];
  return { batchItemFailures: [{ itemIdentifier: String(lowest) }] };
}

/** Checks the attributes that every event has. @throws Error if the item is no event */
export function toStoredEvent(item: Record<string, unknown>): StoredEvent {
  const { room, id, type, at, actor, data } = item;
  for (const [name, value] of Object.entries({ room, id, type })) {
    if (typeof value !== 'string' || value === '') throw new Error(`${name} is not a string`);
  }
  if (typeof at !== 'number') throw new Error('at is not a number');
  if (typeof actor !== 'object' || actor === null) throw new Error('actor is not an object');
  if (typeof data !== 'object' || data === null) throw new Error('data is not an object');
  return item as unknown as StoredEvent;
}
