import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { ShoutError } from '../../domain/errors.ts';
import type { Assignment, EventLog, Head, NewEvent } from '../../domain/ports/event-log.ts';
import type { EventId, SequencedEvent } from '../../domain/schema.generated.ts';
import { isConditionFailure, itemOf, reasonsOf } from './failures.ts';

interface Tables {
  eventsTable: string;
  stateTable: string;
}

const NOT_APPENDED = 'attribute_not_exists(id)';
const UNNUMBERED = 'attribute_exists(id) AND attribute_not_exists(seq)';
const HEAD_UNMOVED = 'seq = :old AND epoch = :epoch';

/** Cancellation reasons that mean somebody else wrote first, and nothing worse. */
const RACED: ReadonlySet<string | undefined> = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict']);

/** `SequencedEvent`s of an index page; the storage-only attributes stay here. */
const toEvent = ({ seq, id, type, at, actor, data }: Record<string, unknown>) =>
  ({ seq, id, type, at, actor, data }) as SequencedEvent;

/** The log on DynamoDB: see resources/tables.yml for the keys. */
export class DynamoEventLog implements EventLog {
  readonly #db: DynamoDBDocumentClient;
  readonly #events: string;
  readonly #state: string;
  readonly #createEpoch: () => string;

  constructor(db: DynamoDBDocumentClient, { eventsTable, stateTable }: Tables, createEpoch = randomEpoch) {
    this.#db = db;
    this.#events = eventsTable;
    this.#state = stateTable;
    this.#createEpoch = createEpoch;
  }

  async append(event: NewEvent): Promise<'appended' | 'duplicate'> {
    try {
      await this.#db.send(
        new PutCommand({
          TableName: this.#events,
          Item: event,
          ConditionExpression: NOT_APPENDED,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'appended';
    } catch (error) {
      if (isConditionFailure(error)) return duplicateOrConflict(event, itemOf(error));
      throw error;
    }
  }

  async appendDeletion(event: NewEvent, target: EventId): Promise<'appended' | 'duplicate'> {
    const { room } = event;
    try {
      await this.#db.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: this.#events,
                Item: event,
                ConditionExpression: NOT_APPENDED,
                ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
              },
            },
            {
              // Privacy beats purity: the text is gone from the log, its place and its author are not.
              Update: {
                TableName: this.#events,
                Key: { room, id: target },
                UpdateExpression: 'SET #data = :nothing, deleted = :true',
                ConditionExpression: '#type = :posted',
                ExpressionAttributeNames: { '#data': 'data', '#type': 'type' },
                ExpressionAttributeValues: { ':nothing': {}, ':true': true, ':posted': 'MessagePosted' },
              },
            },
          ],
        }),
      );
      return 'appended';
    } catch (error) {
      const [put, update] = reasonsOf(error);
      if (put?.Code === 'ConditionalCheckFailed') return duplicateOrConflict(event, put.Item);
      if (update?.Code === 'ConditionalCheckFailed') {
        throw new ShoutError('invalid_message', 'There is no such message in this room.', { cause: error });
      }
      throw error;
    }
  }

  async head(room: string): Promise<Head> {
    const head = await this.#readHead(room);
    if (head) return head;
    // Either nobody ever wrote here, or the row was lost: a room full of messages must not look empty until the next one.
    const seq = await this.#lastNumber(room);
    return seq === 0 ? { epoch: '', seq } : this.#createHead(room, seq);
  }

  async openHead(room: string): Promise<Head> {
    return (await this.#readHead(room)) ?? this.#createHead(room, await this.#lastNumber(room));
  }

  async assign(room: string, head: Head, ids: readonly EventId[]): Promise<Assignment> {
    try {
      await this.#db.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Update: {
                TableName: this.#state,
                Key: headKey(room),
                UpdateExpression: 'SET seq = :new',
                ConditionExpression: HEAD_UNMOVED,
                ExpressionAttributeValues: {
                  ':old': head.seq,
                  ':new': head.seq + ids.length,
                  ':epoch': head.epoch,
                },
              },
            },
            ...ids.map((id, index) => ({
              Update: {
                TableName: this.#events,
                Key: { room, id },
                UpdateExpression: 'SET seq = :seq',
                ConditionExpression: UNNUMBERED,
                ExpressionAttributeValues: { ':seq': head.seq + 1 + index },
                ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
              },
            })),
          ],
        }),
      );
      return { kind: 'assigned' };
    } catch (error) {
      return refusedAssignment(error as Error, ids);
    }
  }

  async readBefore(room: string, before: number | undefined, limit: number): Promise<SequencedEvent[]> {
    return this.#read(room, '<', before ?? Number.MAX_SAFE_INTEGER, limit, false);
  }

  async readAfter(room: string, after: number, limit: number): Promise<SequencedEvent[]> {
    return this.#read(room, '>', after, limit, true);
  }

  async #lastNumber(room: string): Promise<number> {
    const [last] = await this.readBefore(room, undefined, 1);
    return last?.seq ?? 0;
  }

  async #createHead(room: string, seq: number): Promise<Head> {
    const created: Head = { epoch: this.#createEpoch(), seq };
    const Item = { ...headKey(room), ...created };
    try {
      await this.#db.send(
        new PutCommand({ TableName: this.#state, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
      );
      return created;
    } catch (error) {
      // Somebody else made it between the two calls: theirs counts.
      if (isConditionFailure(error)) return this.openHead(room);
      throw error;
    }
  }

  async #readHead(room: string): Promise<Head | undefined> {
    const { Item } = await this.#db.send(
      // Consistent: a client compares its place with this number, and must not be told it is ahead of the room.
      new GetCommand({ TableName: this.#state, Key: headKey(room), ConsistentRead: true }),
    );
    return Item && { epoch: Item.epoch, seq: Item.seq };
  }

  async #read(room: string, comparator: '<' | '>', seq: number, limit: number, forward: boolean) {
    const events: SequencedEvent[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: this.#events,
          IndexName: 'bySeq',
          KeyConditionExpression: `room = :room AND seq ${comparator} :seq`,
          ExpressionAttributeValues: { ':room': room, ':seq': seq },
          ScanIndexForward: forward,
          Limit: limit - events.length,
          ExclusiveStartKey: start,
        }),
      );
      events.push(...(page.Items ?? []).map(toEvent));
      start = page.LastEvaluatedKey;
    } while (start && events.length < limit);
    return events;
  }
}

function headKey(room: string) {
  return { pk: `ROOM#${room}`, sk: 'HEAD' };
}

/** 96 random bits: two numberings of a room never share an epoch by chance. */
function randomEpoch(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('base64url');
}

/**
 * The id is taken. By the same event: its answer was lost and the sender tried again, so this is success. A message
 * deleted since then has no text left to compare, and its sender did send it.
 */
function duplicateOrConflict(event: NewEvent, found: Record<string, unknown> | undefined): 'duplicate' {
  const same = found?.type === event.type && (found.deleted || sameData(found.data, event.data));
  if (same) return 'duplicate';
  throw new ShoutError('conflict', 'This clientMessageId was used for another message.');
}

function sameData(a: unknown, b: NewEvent['data']): boolean {
  const left = a as NewEvent['data'];
  const keys = Object.keys(b);
  return keys.length === Object.keys(left).length && keys.every((key) => left[key] === b[key]);
}

function refusedAssignment(error: unknown, ids: readonly EventId[]): Assignment {
  const reasons = reasonsOf(error);
  const numbered = new Map<EventId, number>();
  const absent = new Set<EventId>();
  for (const [index, { Code, Item }] of reasons.slice(1).entries()) {
    if (Code !== 'ConditionalCheckFailed') continue;
    if (Item?.seq === undefined) absent.add(ids[index]!);
    else numbered.set(ids[index]!, Item.seq as number);
  }
  if (numbered.size > 0 || absent.size > 0) return { kind: 'known', numbered, absent };
  if (reasons.length > 0 && reasons.every(({ Code }) => RACED.has(Code))) return { kind: 'conflict' };
  throw error;
}
