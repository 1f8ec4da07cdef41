import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { EVENTS_TABLE, startDynamoDB } from '../../test/dynamodb.ts';
import { Room } from './room.ts';

type Callback = (error: unknown, data?: unknown) => void;

/**
 * Measures the time from an append until the published stream plugin (serverless-offline-dynamodb-streams) would invoke
 * a function. Runs the plugin's reader, dynamodb-streams-readable, with the reader's own polling intervals. The
 * delivery to clients is not included.
 */
export async function publishedPluginLatencies(messages: number): Promise<number[]> {
  const database = await startDynamoDB();
  const { endpoint } = database;
  const { Table } = await new DynamoDBClient({ endpoint }).send(new DescribeTableCommand({ TableName: EVENTS_TABLE }));
  const streams = new DynamoDBStreamsClient({ endpoint });
  // The reader expects a client with callbacks, as in version 2 of the SDK. The plugin wraps version 3 in the same way.
  const client = {
    describeStream: callback((input) => streams.send(new DescribeStreamCommand(input))),
    getShardIterator: callback((input) => streams.send(new GetShardIteratorCommand(input))),
    getRecords: callback((input) => streams.send(new GetRecordsCommand(input))),
  };
  const read = createRequire(import.meta.url)('dynamodb-streams-readable') as (
    from: typeof client,
    arn: string,
    options: object,
  ) => Readable & { close(): void };
  const readable = read(client, Table!.LatestStreamArn!, { iterator: 'TRIM_HORIZON' });
  const room = new Room('published', endpoint);
  const latencies: number[] = [];
  try {
    for (let n = 0; n < messages; n++) {
      const arrived = new Promise((resolve, reject) => readable.once('data', resolve).once('error', reject));
      const start = performance.now();
      await room.append(1);
      await arrived;
      latencies.push(performance.now() - start);
    }
  } finally {
    readable.close();
    await database.stop();
  }
  return latencies;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the command takes
function callback(send: (input: any) => Promise<unknown>) {
  return (input: unknown, done: Callback) => {
    send(input).then(
      (data) => done(null, data),
      (error) => done(error),
    );
  };
}
