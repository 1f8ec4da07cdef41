import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { sequenceAndFanOut } from '../domain/delivery/sequence-and-fan-out.ts';
import { redriveParked } from '../domain/numbering/parked.ts';
import type { Parked } from '../domain/ports/parking.ts';
import { redrivePorts, redriveServePorts, runtime, telemetry } from '../infra/composition.ts';
import { reportFanOut } from './report-fan-out.ts';

/**
 * The Lambda of the queue of parked events: numbers and delivers them. `Records` has one message, because
 * serverless.yml sets `batchSize: 1`.
 */
export const handler = middy<SQSEvent>().handler(async ({ Records }, context): Promise<void> => {
  const remaining = () => context.getRemainingTimeInMillis();
  for (const { body } of Records) {
    const parked = JSON.parse(body) as Parked;
    const { room, ids, attempt } = parked;
    const error = await redriveParked(parked, {
      ...redrivePorts(),
      serve: async (_, events) => {
        const served = await sequenceAndFanOut(room, events, redriveServePorts(), remaining);
        reportFanOut(telemetry, { room, ...served, endedAt: runtime.now() });
      },
    }).finally(() => telemetry.flush());
    if (error) telemetry.log('warn', 'parked again', { room, events: ids.length, attempt, error: String(error) });
  }
});
