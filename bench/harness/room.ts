import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../../test/dynamodb.ts';

/** A room in the benchmark's database. Adds rows of connections, and appends events. */
export class Room {
  readonly name: string;
  readonly #db: DynamoDBDocumentClient;
  readonly #log: DynamoEventLog;
  #appended = 0;

  constructor(name: string, endpoint: string) {
    this.name = name;
    this.#db = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }));
    this.#log = new DynamoEventLog(this.#db, { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE }, runtime);
  }

  /**
   * Writes a row for each connection, with a `connectedAt` of an hour ago. When API Gateway answers a post with 410,
   * fanOut removes the connection only if it is older than 30 s.
   */
  async connect(ids: readonly string[]): Promise<void> {
    const connectedAt = Date.now() - 3_600_000;
    const rows = ids.map((connectionId) => ({
      pk: `CONN#${connectionId}`,
      sk: 'CONN',
      connectionId,
      room: this.name,
      actor: { id: 'bench'.padEnd(22, '0'), name: 'bench' },
      tokenExpiresAt: connectedAt + 7_200_000,
      connectedAt,
      expiresAt: Math.ceil(connectedAt / 1_000) + 7_200,
    }));
    for (let i = 0; i < rows.length; i += 25) {
      const puts = rows.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }));
      await this.#db.send(new BatchWriteCommand({ RequestItems: { [STATE_TABLE]: puts } }));
    }
  }

  async connections(): Promise<number> {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: STATE_TABLE,
          IndexName: 'byRoom',
          KeyConditionExpression: 'room = :room',
          ExpressionAttributeValues: { ':room': this.name },
          Select: 'COUNT',
          ExclusiveStartKey: start,
        }),
      );
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start);
    return count;
  }

  /** Returns the number of the room's last numbered event; 0 if there is none. */
  async head(): Promise<number> {
    return (await this.#log.head(this.name)).seq;
  }

  /** Appends messages, and returns an event for fanOut with the stream records of these messages. */
  async append(count: number): Promise<DynamoDBStreamEvent> {
    const events = Array.from({ length: count }, () => this.#event());
    await Promise.all(events.map((event) => this.#log.append(event)));
    return { Records: events.map(toRecord) };
  }

  #event(): NewEvent {
    const actor = { id: 'bench'.padEnd(22, '0'), name: 'bench' };
    const id = `${actor.id}:${this.name}-${Date.now()}-${++this.#appended}`;
    const data = { text: 'The quick brown fox jumps over the lazy dog, and then it does so once more.' };
    return { room: this.name, id, type: 'MessagePosted', v: 1, at: Date.now(), actor, data };
  }
}

function toRecord(event: NewEvent, index: number): DynamoDBRecord {
  return {
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(Date.now() * 1_000 + index),
      NewImage: marshall(event) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'] & object,
    },
  };
}
