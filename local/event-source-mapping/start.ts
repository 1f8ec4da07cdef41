import { join } from 'node:path';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Invoke } from '../invoke.ts';
import { openCheckpoints } from './checkpoints.ts';
import { reportGivenUp } from './given-up.ts';
import { onLocalWrite } from './local-writes.ts';
import { EventSourceMapping } from './mapping.ts';
import { measured } from './metrics.ts';
import { createPace } from './pace.ts';
import type { MappingSettings } from './settings.ts';
import { openStream } from './stream.ts';

/**
 * Starts the event source mappings. Keeps their checkpoints in `dir`. For a mapping with an on-failure destination,
 * also keeps in `dir` a report of each batch that was given up.
 *
 * @returns a function that stops the mappings
 */
export async function startMappings(
  mappings: readonly MappingSettings[],
  client: DynamoDBStreamsClient,
  invoke: Invoke,
  dir: string,
): Promise<() => Promise<void>> {
  const running = await Promise.all(
    mappings.map(async (settings) => {
      const { functionKey, tableName, onFailure } = settings;
      const queue = onFailure ? join(dir, `${functionKey}.given-up.jsonl`) : undefined;
      const stream = await openStream(client, tableName);
      const mapping = new EventSourceMapping(settings, {
        stream,
        checkpoints: await openCheckpoints(join(dir, `${functionKey}.checkpoints.json`), stream.arn),
        createPace,
        invoke: measured(functionKey, (Records) => invoke(functionKey, { Records }), Date.now),
        giveUp: reportGivenUp(functionKey, stream.arn, queue),
        onTrouble: (error) => console.error(`The stream of ${tableName} cannot be read: ${error}`),
      });
      mapping.start();
      return mapping;
    }),
  );
  const forget = onLocalWrite(() => {
    for (const mapping of running) mapping.wake();
  });
  return async () => {
    forget();
    await Promise.all(running.map((mapping) => mapping.stop()));
  };
}
