import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from './batch.ts';

export interface Shard {
  id: string;
  parentId: string | undefined;
}

export type Position = 'TRIM_HORIZON' | 'LATEST' | { after: string };

/** The operations on a stream that a mapping needs. */
export interface Stream<R extends StreamRecord = StreamRecord> {
  arn: string;
  shards(): Promise<Shard[]>;
  iterator(shardId: string, position: Position): Promise<string>;
  /**
   * Reads the records at an iterator.
   * @returns 'lost' if the iterator has expired or points to trimmed records; `next` is undefined at the end of the
   *   shard
   */
  read(iterator: string): Promise<{ records: R[]; next: string | undefined } | 'lost'>;
}

/** Opens the newest stream of a table. @throws Error if the table has no stream */
export async function openStream(client: DynamoDBStreamsClient, tableName: string): Promise<Stream> {
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
  // If a table was deleted and created anew, its old streams stay listed for a day. A stream's label is its time of
  // creation.
  const newest = Streams.toSorted((a, b) => a.StreamLabel!.localeCompare(b.StreamLabel!)).at(-1);
  if (!newest) throw new Error(`The table ${tableName} has no stream.`);
  const arn = newest.StreamArn!;
  return {
    arn,
    shards: () => listShards(client, arn),
    iterator: async (shardId, position) => {
      const iteratorAt = async (where: Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'>) =>
        (await client.send(new GetShardIteratorCommand({ StreamArn: arn, ShardId: shardId, ...where }))).ShardIterator!;
      if (typeof position === 'string') return iteratorAt({ ShardIteratorType: position });
      try {
        return await iteratorAt({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after });
      } catch (error) {
        // A stream keeps its records for a day. The stack was stopped for longer, so the record at which the mapping
        // stopped is gone. Reading continues with the oldest record that is left.
        if (error instanceof TrimmedDataAccessException) return iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' });
        throw error;
      }
    },
    read: async (iterator) => {
      try {
        const { Records = [], NextShardIterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator }),
        );
        return { records: Records.map((record) => lambdaRecord(record, arn)), next: NextShardIterator };
      } catch (error) {
        if (error instanceof ExpiredIteratorException || error instanceof TrimmedDataAccessException) return 'lost';
        throw error;
      }
    },
  };
}

async function listShards(client: DynamoDBStreamsClient, arn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn: arn, ...(from && { ExclusiveStartShardId: from }) }),
    );
    for (const { ShardId, ParentShardId } of StreamDescription?.Shards ?? [])
      shards.push({ id: ShardId!, parentId: ParentShardId });
    from = StreamDescription?.LastEvaluatedShardId;
  } while (from);
  return shards;
}

/** Converts a record to the format that Lambda passes to a function: with the time in seconds and the stream's ARN. */
function lambdaRecord(record: _Record, eventSourceARN: string): StreamRecord {
  const { ApproximateCreationDateTime: time, ...dynamodb } = record.dynamodb!;
  return {
    ...record,
    eventSourceARN,
    dynamodb: {
      ...dynamodb,
      SequenceNumber: dynamodb.SequenceNumber!,
      ApproximateCreationDateTime: (time?.getTime() ?? Date.now()) / 1000,
    },
  } as StreamRecord;
}
