import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { startMappings } from '../../local/event-source-mapping/start.ts';
import { handler } from '../../src/handlers/fanOut.ts';
import { lambdaContext } from '../lambda-context.ts';
import { fanOutMapping } from './fan-out-mapping.ts';

/**
 * Runs the stream's trigger in a process of its own, so that it can be killed without the stack, or run in parallel
 * with the stack's. It is the mapping that serverless.yml asks for, with the real fanOut handler. Usage: fork it with
 * SHOUT_DATA_DIR for its checkpoints and the environment of the function.
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
