import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { serveOrPark } from '../domain/delivery/serve-or-park.ts';
import { runtime, serveOrParkPorts, telemetry } from '../infra/composition.ts';
import { batchFailures, eventsByRoom, type RoomBatch } from '../infra/dynamodb/stream-records.ts';
import { traceFanOut } from '../infra/xray.ts';
import { reportFanOut } from './report-fan-out.ts';

/** The stream's Lambda: numbers the new events of each room, then posts them to everyone who is in the room. */
export const handler = middy<DynamoDBStreamEvent>().handler(
  async ({ Records }, context): Promise<DynamoDBBatchResponse> => {
    const remaining = () => context.getRemainingTimeInMillis();
    const { rooms, skipped } = eventsByRoom(Records);
    for (const reason of skipped) telemetry.log('error', 'record skipped', { reason });
    telemetry.count('Skipped', skipped.length);
    const succeeded = await Promise.all(rooms.map((room) => fanOutRoom(room, remaining)));
    telemetry.flush();
    return batchFailures(rooms.filter((_, index) => !succeeded[index]));
  },
);

/**
 * Numbers and posts the new events of one room. Does not throw, so that other rooms are still served.
 * @returns false if the stream must send these events again; true if they were posted, or parked for a later try
 */
async function fanOutRoom({ name, events }: RoomBatch, remaining: () => number): Promise<boolean> {
  const startedAt = runtime.now();
  try {
    const served = await serveOrPark(name, events, serveOrParkPorts(), remaining);
    const endedAt = runtime.now();
    if ('parked' in served) {
      telemetry.count('Parked', served.parked);
      telemetry.log('error', 'room parked', { room: name, events: served.parked, error: String(served.error) });
      return true;
    }
    reportFanOut(telemetry, { room: name, ...served, endedAt });
    await traceFanOut(events, served.sequenced, { startedAt, endedAt }, runtime.random);
    return true;
  } catch (error) {
    telemetry.count('Unexpected');
    telemetry.log('error', 'room failed', { room: name, error: String(error), stack: (error as Error).stack });
    return false;
  }
}
