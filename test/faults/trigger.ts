import { readFile } from 'node:fs/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { parse } from 'yaml';
import { mappingsOf } from '../../local/event-source-mapping/settings.ts';
import { startMappings } from '../../local/event-source-mapping/start.ts';
import { handler } from '../../src/handlers/fanOut.ts';

/**
 * The stream's trigger as a process of its own, so that it can be killed without the stack, or run beside the stack's:
 * the mapping that serverless.yml asks for, on the real fanOut handler. Usage: fork it with SHOUT_DATA_DIR for its
 * checkpoints and the environment of the function.
 */
const getAtt = { tag: '!GetAtt', resolve: (attribute: string) => ({ 'Fn::GetAtt': attribute }) };
const read = async (path: string) =>
  parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8'), {
    logLevel: 'silent',
    customTags: [getAtt],
  });
const [{ functions }, { Resources }] = await Promise.all([read('serverless.yml'), read('resources/tables.yml')]);
const { fanOut } = functions.find((part: object) => Object.hasOwn(part, 'fanOut'));
Resources.EventsTable.Properties.TableName = process.env.EVENTS_TABLE;

const stop = await startMappings(
  mappingsOf({ fanOut }, Resources),
  new DynamoDBStreamsClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }),
  async (_functionKey, event) => handler(event as DynamoDBStreamEvent, {} as Context),
  process.env.SHOUT_DATA_DIR!,
);
process.once('disconnect', () => process.exit());
process.once('message', async () => {
  await stop();
  process.exit();
});
process.send?.('ready');
