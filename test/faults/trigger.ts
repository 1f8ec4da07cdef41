import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { startMappings } from '../../local/event-source-mapping/start.ts';
import { handler } from '../../src/handlers/fanOut.ts';
import { lambdaContext } from '../lambda-context.ts';
import { fanOutMapping } from './fan-out-mapping.ts';

/**
 * Runs a stream trigger in its own process. The process can be killed without the stack, or run in parallel with the
 * stack's own trigger. The trigger uses fanOut's event source mapping of serverless.yml and calls the real fanOut
 * handler. Usage: fork this file with fanOut's environment and with SHOUT_DATA_DIR, the directory of the checkpoints.
 */
const stop = await startMappings(
  [fanOutMapping(process.env.EVENTS_TABLE!)],
  new DynamoDBStreamsClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }),
  async (_functionKey, event) => handler(event as DynamoDBStreamEvent, lambdaContext()),
  process.env.SHOUT_DATA_DIR!,
);
process.once('disconnect', () => process.exit());
process.once('message', async () => {
  await stop();
  process.exit();
});
process.send?.('ready');
