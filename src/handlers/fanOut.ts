import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { publish } from '../domain/delivery/publish.ts';
import { publishPorts } from '../infra/composition.ts';
import { batchFailures, eventsByRoom, type RoomBatch } from '../infra/dynamodb/stream-records.ts';
import { consoleTelemetry as telemetry } from '../infra/telemetry.ts';
import { traceFanOut } from '../infra/xray.ts';

/** The stream's Lambda: numbers the new events of each room, then posts them to everyone who is in it. */
export const handler = middy<DynamoDBStreamEvent>().handler(async ({ Records }): Promise<DynamoDBBatchResponse> => {
  const { rooms, skipped } = eventsByRoom(Records);
  for (const reason of skipped) telemetry.log('error', 'record skipped', { reason });
  telemetry.count('Skipped', skipped.length);
  const served = await Promise.all(rooms.map(serve));
  telemetry.flush();
  return batchFailures(rooms.filter((_, index) => !served[index]));
});

/** @returns whether it worked: one room's failure is not another's */
async function serve({ name, events }: RoomBatch): Promise<boolean> {
  const startedAt = Date.now();
  try {
    const sequenced = await publish(name, events, publishPorts());
    await traceFanOut(events, sequenced, startedAt);
    return true;
  } catch (error) {
    telemetry.count('Unexpected');
    telemetry.log('error', 'room failed', { room: name, error: String(error), stack: (error as Error).stack });
    return false;
  }
}
