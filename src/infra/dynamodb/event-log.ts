import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { allEnded } from '../../domain/delivery/all-ended.ts';
import { HIDDEN } from '../../domain/governance/hide.ts';
import type { Rules, Verdict } from '../../domain/governance/rules.ts';
import { VOIDED } from '../../domain/governance/verdict.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type {
  Appended,
  Assignment,
  EventLog,
  Head,
  HiddenMessages,
  NewEvent,
  NumberedEvent,
  StoredEvent,
} from '../../domain/ports/event-log.ts';
import type { ActorId, EventId } from '../../domain/schema.generated.ts';
import { isConditionFailure, isTransactionConflict, itemOf, reasonsOf } from './failures.ts';
import { headKey, type Numbering, RoomHeads, type Tables } from './room-heads.ts';
import { StoredRules } from './room-rules.ts';

/**
 * The life of an event's item, and the conditions that keep it in order:
 *
 *     nothing ──append──────► in the log ──assign────────────► numbered
 *              NOT_APPENDED    │    ▲     asGiven, UNNUMBERED    │    ▲
 *                              └────┘                            └────┘
 *                          amend, asGiven                    amend, asGiven
 *
 * An item goes from left to right and never back. In the log, it can be amended: by the append of a later event, by
 * `scrub` or by an erasure. Each amendment increments the item's revision. `assign` requires the revision that its
 * caller has read, so the caller knows what it numbered.
 */
const NOT_APPENDED = 'attribute_not_exists(id)';
const UNNUMBERED = 'attribute_not_exists(seq)';
const HEAD_UNMOVED = 'seq = :old AND epoch = :epoch';

/** Condition: the event is in the log and was not amended since it was read. */
const asGiven = ({ revision }: StoredEvent) =>
  revision === undefined
    ? { condition: 'attribute_exists(id) AND attribute_not_exists(revision)', values: {} }
    : { condition: 'revision = :revision', values: { ':revision': revision } };

/** `TransactWriteItems` takes at most 100 items. The head, the rules and up to 90 events leave room to grow. */
const BATCH_SIZE = 90;

const SCRUBBED_AT_ONCE = 50;

/**
 * Codes of the cancellation reasons if a transaction failed only because another process wrote first. `None` is the
 * code of an item that did not fail.
 */
const RACED: ReadonlySet<string | undefined> = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict']);

/** Converts an item of an index page. Drops the attributes that only the storage needs. */
const toEvent = ({ seq, id, type, at, actor, data, numberedAt = 0, expiresAt }: Record<string, unknown>) =>
  ({ seq, id, type, at, actor, data, numberedAt, ...(expiresAt ? { expiresAt } : {}) }) as NumberedEvent;

/** Does not convert anything, because the log stores events as they are. */
const toStored = (item: Record<string, unknown> | undefined) => item as unknown as StoredEvent;

/** The log on DynamoDB: see resources/tables.yml for the keys. */
export class DynamoEventLog implements EventLog {
  readonly batchSize = BATCH_SIZE;
  readonly now: Clock;
  readonly #db: DynamoDBDocumentClient;
  readonly #events: string;
  readonly #state: string;
  readonly #heads: RoomHeads;
  readonly #keptMs: number | undefined;
  readonly #rules: StoredRules;

  constructor(db: DynamoDBDocumentClient, tables: Tables, numbering: Numbering) {
    this.#db = db;
    this.#events = tables.eventsTable;
    this.#state = tables.stateTable;
    this.now = numbering.now;
    this.#keptMs = numbering.keptMs;
    this.#rules = new StoredRules(db, tables.eventsTable);
    this.#heads = new RoomHeads(db, tables, numbering, this.#rules);
  }

  async find(room: string, id: EventId): Promise<StoredEvent | undefined> {
    const { Item } = await this.#db.send(
      // Reads consistently, because the command that deletes a message can come milliseconds after the message's ack.
      new GetCommand({ TableName: this.#events, Key: { room, id }, ConsistentRead: true }),
    );
    return Item && toStored(Item);
  }

  async append(event: NewEvent, amended?: StoredEvent): Promise<Appended> {
    const put = {
      TableName: this.#events,
      Item: event,
      ConditionExpression: NOT_APPENDED,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    try {
      // A single write needs no transaction. A transaction would cost twice as much.
      if (!amended) await this.#db.send(new PutCommand(put));
      else {
        const update = amending(this.#events, amended);
        await this.#db.send(new TransactWriteCommand({ TransactItems: [{ Put: put }, { Update: update }] }));
      }
      return { kind: 'appended' };
    } catch (error) {
      return refusedAppend(error);
    }
  }

  head(room: string): Promise<Head> {
    return this.#heads.find(room);
  }

  openHead(room: string): Promise<Head> {
    return this.#heads.open(room);
  }

  raiseFloor(room: string, head: Head, floor: number): Promise<void> {
    return this.#heads.raiseFloor(room, head, floor);
  }

  rules(room: string, head: Head): Promise<Rules> {
    return this.#rules.asOf(room, head);
  }

  async assign(room: string, head: Head, events: readonly StoredEvent[], verdict: Verdict): Promise<Assignment> {
    const numberedAt = this.now();
    // `expiresAt` is in seconds, as DynamoDB's TTL requires. From that time on, readers treat the event as gone.
    // TTL deletes the item within days, at no cost.
    const expires = this.#keptMs && { ':expiry': Math.ceil((numberedAt + this.#keptMs) / 1_000) };
    const { before, after, voided } = verdict;
    const moveHead = {
      TableName: this.#state,
      Key: headKey(room),
      UpdateExpression: `SET seq = :new, numberedAt = :at${before === after ? '' : ', rulesAt = :rulesAt'}`,
      ConditionExpression: HEAD_UNMOVED,
      ExpressionAttributeValues: {
        ':old': head.seq,
        ':new': head.seq + events.length,
        ':epoch': head.epoch,
        ':at': numberedAt,
        ...(before === after ? {} : { ':rulesAt': after.at }),
      },
    };
    const numberings = events.map((event, index) => {
      const { condition, values } = asGiven(event);
      const update = {
        TableName: this.#events,
        Key: { room, id: event.id },
        UpdateExpression: `SET seq = :seq, numberedAt = :at${expires ? ', expiresAt = :expiry' : ''}`,
        ConditionExpression: `${condition} AND ${UNNUMBERED}`,
        ExpressionAttributeValues: { ':seq': head.seq + 1 + index, ':at': numberedAt, ...expires, ...values },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      };
      return voided.has(event.id) ? voiding(update, event) : update;
    });
    try {
      const updates = [moveHead, ...numberings].map((Update) => ({ Update }));
      const TransactItems = [...updates, ...this.#rules.put(room, verdict)];
      await this.#db.send(new TransactWriteCommand({ TransactItems }));
      this.#heads.given(room, head.seq + events.length);
      if (before !== after) this.#rules.given(room, head.epoch, after);
      return { kind: 'assigned' };
    } catch (error) {
      return refusedAssignment(error, events);
    }
  }

  async readBefore(room: string, before: number | undefined, limit: number): Promise<NumberedEvent[]> {
    return this.#read(room, '<', before ?? Number.MAX_SAFE_INTEGER, limit, false);
  }

  async readAfter(room: string, after: number, limit: number): Promise<NumberedEvent[]> {
    return this.#read(room, '>', after, limit, true);
  }

  async scrub(room: string, { person, before, always }: HiddenMessages, proceed: () => boolean): Promise<void> {
    let start: Record<string, unknown> | undefined;
    do {
      if (!proceed()) throw new Error(`No time is left to scrub what ${person} said in ${room}.`);
      const page = await this.#db.send(
        new QueryCommand({
          TableName: this.#events,
          KeyConditionExpression: 'room = :room AND begins_with(id, :person)',
          FilterExpression: `seq < :before AND attribute_exists(#data.#text)${always ? '' : ' AND attribute_not_exists(actor.#role)'}`,
          ExpressionAttributeNames: { '#data': 'data', '#text': 'text', ...(always ? {} : { '#role': 'role' }) },
          ExpressionAttributeValues: { ':room': room, ':person': `${person}:`, ':before': before },
          ConsistentRead: true,
          // Limits the page, because its messages are all written at once.
          Limit: SCRUBBED_AT_ONCE,
          ExclusiveStartKey: start,
        }),
      );
      await allEnded((page.Items ?? []).map((item) => this.#hide(toStored(item))));
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** Removes a message's text. If another write came first, reads the message again and repeats if a text is left. */
  async #hide(message: StoredEvent): Promise<void> {
    const amended = { ...message, data: HIDDEN } as StoredEvent;
    try {
      await this.#db.send(new UpdateCommand(amending(this.#events, amended)));
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      const found = await this.find(message.room, message.id);
      if (found && 'text' in found.data) await this.#hide(found);
    }
  }

  async nameOf(room: string, person: ActorId): Promise<string | undefined> {
    const { Items } = await this.#db.send(
      new QueryCommand({
        TableName: this.#events,
        KeyConditionExpression: 'room = :room AND begins_with(id, :person)',
        ProjectionExpression: 'actor',
        ExpressionAttributeValues: { ':room': room, ':person': `${person}:` },
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    return Items?.[0]?.actor.name;
  }

  async #read(room: string, comparator: '<' | '>', seq: number, limit: number, forward: boolean) {
    const events: NumberedEvent[] = [];
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

/** Returns the update that writes an amended item. Its condition requires the revision that was read. */
export function amending(table: string, amended: StoredEvent) {
  const { room, id, data, revision = 0 } = amended;
  const { condition, values } = asGiven(amended);
  return {
    TableName: table,
    Key: { room, id },
    UpdateExpression: 'SET #data = :data, revision = :next',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#data': 'data' },
    ExpressionAttributeValues: { ':data': data, ':next': revision + 1, ...values },
  };
}

/**
 * Extends an update: it then also replaces the message's `data` by {@link VOIDED} and increments the revision. An
 * amendment that has read the old text therefore fails instead of bringing the text back.
 */
function voiding<U extends { UpdateExpression: string; ExpressionAttributeValues: object }>(
  update: U,
  { revision = 0 }: StoredEvent,
) {
  return {
    ...update,
    UpdateExpression: `${update.UpdateExpression}, #data = :voided, revision = :next`,
    ExpressionAttributeNames: { '#data': 'data' },
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':voided': VOIDED, ':next': revision + 1 },
  };
}

function refusedAppend(error: unknown): Appended {
  if (isConditionFailure(error)) return { kind: 'duplicate', found: toStored(itemOf(error)) };
  if (isTransactionConflict(error)) return { kind: 'stale' };
  const reasons = reasonsOf(error);
  const [put] = reasons;
  if (put?.Code === 'ConditionalCheckFailed') return { kind: 'duplicate', found: toStored(put.Item) };
  if (reasons.length > 0 && reasons.every(({ Code }) => RACED.has(Code))) return { kind: 'stale' };
  throw error;
}

function refusedAssignment(error: unknown, events: readonly StoredEvent[]): Assignment {
  const reasons = reasonsOf(error);
  const found = new Map<EventId, StoredEvent>();
  const absent = new Set<EventId>();
  for (const [index, { Code, Item }] of reasons.slice(1, 1 + events.length).entries()) {
    if (Code !== 'ConditionalCheckFailed') continue;
    const { id } = events[index]!;
    if (Item) found.set(id, toStored(Item));
    else absent.add(id);
  }
  if (found.size > 0 || absent.size > 0) return { kind: 'known', found, absent };
  if (reasons.length > 0 && reasons.every(({ Code }) => RACED.has(Code))) return { kind: 'conflict' };
  throw error;
}
