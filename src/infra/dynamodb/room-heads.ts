import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Head } from '../../domain/ports/event-log.ts';
import type { CreateId } from '../../domain/ports/randomness.ts';
import { wasMade } from './failures.ts';
import type { StoredRules } from './room-rules.ts';

export interface Tables {
  eventsTable: string;
  stateTable: string;
}

export interface Numbering {
  now: Clock;
  createId: CreateId;
  /** Time for which an event is kept after it got its number, ms; absent if events are kept for good. */
  keptMs?: number | undefined;
  /**
   * How many numbers a rebuilt head skips above the last number in the index `bySeq`, because the index may not show
   * the newest events yet.
   */
  headroom?: number;
}

/**
 * Default of `headroom`. At most about 1,000 events of a room can get numbers in 3 s (docs/scale.md). So a rebuilt head
 * is high enough if the index lags by less than 3 s.
 */
const HEADROOM = 1_000;

/** Maximum number of rooms in `#known`. Bounds memory, because a Lambda may live for hours. */
const MAX_ROOMS = 10_000;

/**
 * Conditions of the two writes that create a missing head:
 *
 *     nothing ──HEAD_MISSING──► epoch ──EPOCH_UNSTARTED──► epoch, seq ──► numbering
 *
 * A new head must not be lower than any number in the log. So no process may give numbers while the log is read:
 *
 * 1. The first write creates a row with an epoch and no number. Nobody can give numbers with such a row.
 * 2. The last number in the log is read.
 * 3. The second write adds a number to the row. It fails if another process has changed the row.
 *
 * To read first and then write the whole row would not be safe. Between the two, another process could create the row
 * and give numbers, and the row could be lost again. The write would then succeed with a number that is too low.
 */
const HEAD_MISSING = 'attribute_not_exists(pk)';
const EPOCH_UNSTARTED = 'epoch = :epoch AND attribute_not_exists(seq)';
/** Condition for raising a head's floor, which is the number up to which old events are gone. */
const FLOOR_BELOW = 'epoch = :epoch AND (attribute_not_exists(floor) OR floor < :floor)';
/** Condition for replacing a row whose head is too low: the head has not moved since the row was read. */
const HEAD_UNMOVED = 'epoch = :epoch AND seq = :seq';

/**
 * Keeps the {@link Head} of each room (its epoch and the last number given) in a row of the State table. A row that was
 * lost, or restored from an old copy, is rebuilt from the log.
 */
export class RoomHeads {
  readonly #db: DynamoDBDocumentClient;
  readonly #tables: Tables;
  readonly #numbering: Numbering & { headroom: number };
  readonly #rules: StoredRules;
  /** By room, the last number that this process knows to be given. */
  readonly #known = new Map<string, number>();

  constructor(db: DynamoDBDocumentClient, tables: Tables, numbering: Numbering, rules: StoredRules) {
    this.#db = db;
    this.#rules = rules;
    this.#tables = tables;
    this.#numbering = { headroom: HEADROOM, ...numbering };
  }

  /** Returns the head for readers. Epoch '' and number 0 if neither the room's row nor the index has a number. */
  async find(room: string): Promise<Head> {
    const head = await this.#read(room);
    if (isStarted(head)) return head;
    // The room is new, or its row was lost. A lost row is rebuilt now. Otherwise a room full of messages would look
    // empty until the next message.
    const seq = await this.#lastIndexed(room);
    return seq === 0 ? { epoch: '', seq, numberedAt: 0 } : this.open(room);
  }

  /**
   * Returns the head for numbering. Rebuilds a row that is missing, has no number, or is lower than a number that an
   * event is known to have.
   */
  async open(room: string): Promise<Head> {
    const known = this.#known.get(room);
    // Reads the index before the row, so that a correct row is at least as high as the number from the index.
    const given = known ?? (await this.#lastIndexed(room));
    const found = await this.#read(room);
    if (isStarted(found) && found.seq >= given) {
      this.given(room, found.seq);
      return found;
    }
    this.#known.delete(room);
    // The row is lower than the number that this process remembers, but can be right: the room may have been emptied,
    // and its numbers may have started again. So tries again with the last number in the index.
    if (isStarted(found) && known !== undefined) return this.open(room);
    const epoch = found && !isStarted(found) ? found.epoch : await this.#claim(room, found);
    const started = epoch === undefined ? undefined : await this.#start(room, epoch);
    // If another process was faster, starts over with that process's row.
    return started ?? this.open(room);
  }

  async raiseFloor(room: string, { epoch }: Head, floor: number): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#tables.stateTable,
      Key: headKey(room),
      UpdateExpression: 'SET floor = :floor',
      ConditionExpression: FLOOR_BELOW,
      ExpressionAttributeValues: { ':epoch': epoch, ':floor': floor },
    });
    await wasMade(this.#db.send(update));
  }

  /** Remembers that a number was given, so that a lower row is later recognised as wrong. */
  given(room: string, seq: number): void {
    if (this.#known.size >= MAX_ROOMS) this.#known.clear();
    this.#known.set(room, seq);
  }

  /**
   * Writes a row with a new epoch and no number.
   * @param wrong the row to replace; undefined if there is none
   * @returns the new epoch; undefined if another process wrote the row first
   */
  async #claim(room: string, wrong: Head | undefined): Promise<string | undefined> {
    const epoch = this.#numbering.createId();
    const condition = wrong
      ? { ConditionExpression: HEAD_UNMOVED, ExpressionAttributeValues: { ':epoch': wrong.epoch, ':seq': wrong.seq } }
      : { ConditionExpression: HEAD_MISSING };
    return (await this.#put({ Item: { ...headKey(room), epoch }, ...condition })) ? epoch : undefined;
  }

  /**
   * Starts an epoch: adds a number to the row that `#claim` wrote. Numbering continues above this number.
   * @returns the head; undefined if another process has changed the row meanwhile
   */
  async #start(room: string, epoch: string): Promise<Head | undefined> {
    const { headroom, now } = this.#numbering;
    const last = await this.#lastIndexed(room);
    const given = last > 0 ? last + headroom : await this.#lastOfFew(room);
    // An emptied room keeps its rules, so its numbers continue above `at`, the number of the last rule change. `at`
    // cannot change before the write below: only numbering changes rules, and numbering needs a head with a number.
    const { at } = await this.#rules.read(room);
    const head: Head = { epoch, seq: Math.max(given, at), numberedAt: now(), ...(at > 0 ? { rulesAt: at } : {}) };
    const put = {
      Item: { ...headKey(room), ...head },
      ConditionExpression: EPOCH_UNSTARTED,
      ExpressionAttributeValues: { ':epoch': epoch },
    };
    return (await this.#put(put)) ? head : undefined;
  }

  #put(put: Omit<PutCommandInput, 'TableName'>): Promise<boolean> {
    return wasMade(this.#db.send(new PutCommand({ TableName: this.#tables.stateTable, ...put })));
  }

  async #lastIndexed(room: string): Promise<number> {
    const { Items } = await this.#db.send(
      new QueryCommand({
        TableName: this.#tables.eventsTable,
        IndexName: 'bySeq',
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': room },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Items?.[0]?.seq ?? 0;
  }

  /**
   * Returns the last number of a room that has no number in the index, because the room is new or emptied, or because
   * the index lags. Such a room has few items, so this reads all of them, consistently.
   */
  async #lastOfFew(room: string): Promise<number> {
    let last = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: this.#tables.eventsTable,
          KeyConditionExpression: 'room = :room',
          FilterExpression: 'attribute_exists(seq)',
          ProjectionExpression: 'seq',
          ExpressionAttributeValues: { ':room': room },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const { seq } of page.Items ?? []) last = Math.max(last, seq);
      start = page.LastEvaluatedKey;
    } while (start);
    return last;
  }

  async #read(room: string): Promise<Head | Unstarted | undefined> {
    const { Item } = await this.#db.send(
      // Reads consistently, because an old head would hide from a client that it lacks the newest event.
      new GetCommand({ TableName: this.#tables.stateTable, Key: headKey(room), ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const { epoch, seq, numberedAt = 0, rulesAt, floor } = Item;
    return { epoch, seq, numberedAt, ...(rulesAt === undefined ? {} : { rulesAt }), ...(floor && { floor }) };
  }
}

/** A row without a number, whose epoch has not started. */
type Unstarted = Omit<Head, 'seq'> & { seq?: undefined };

function isStarted(head: Head | Unstarted | undefined): head is Head {
  return head?.seq !== undefined;
}

export function headKey(room: string) {
  return { pk: `ROOM#${room}`, sk: 'HEAD' };
}
