import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { fanOut } from '../domain/fan-out.ts';
import { encodeEvents } from '../domain/frames.ts';
import { sequence } from '../domain/sequence.ts';
import { CONCURRENCY, connections, eventLog, push } from '../infra/composition.ts';
import { batchFailures, eventsByRoom, type RoomBatch } from '../infra/dynamodb/stream-records.ts';
import { consoleTelemetry as telemetry } from '../infra/telemetry.ts';

const ports = {
  connections: {
    inRoom: (room: string) => connections().inRoom(room),
    remove: (c: { id: string }) => connections().remove(c),
  },
};

/** The stream's Lambda: numbers the new events of each room, then posts them to everyone who is in it. */
export const handler = middy<DynamoDBStreamEvent>().handler(async ({ Records }): Promise<DynamoDBBatchResponse> => {
  const { rooms, skipped } = eventsByRoom(Records);
  for (const reason of skipped) telemetry.log('error', 'record skipped', { reason });
  if (skipped.length > 0) telemetry.count('Skipped', skipped.length);
  const outcomes = await Promise.allSettled(rooms.map(serve));
  const failed = rooms.filter((room, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected')
      telemetry.log('error', 'room failed', { room: room.name, error: String(outcome.reason) });
    return outcome?.status === 'rejected';
  });
  return batchFailures(failed);
});

async function serve(room: RoomBatch): Promise<void> {
  const { epoch, events, assigned } = await sequence(eventLog(), room.name, room.events);
  const frames = encodeEvents(room.name, epoch, events);
  const { delivered, gone, failed, expired } = await fanOut(room.name, frames, CONCURRENCY, {
    ...ports,
    push: push(),
    now: Date.now,
  });
  telemetry.log('info', 'fanOut', {
    room: room.name,
    events: events.length,
    assigned,
    delivered,
    gone,
    failed,
    expired,
  });
}
