import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Count, LastCount, People } from '../../domain/ports/people.ts';
import { wasMade } from './failures.ts';

/** Minimum time between two writes of a room's count, ms. */
const APART_MS = 1_000;
const KEPT_SECONDS = 86_400;

const NOT_JUST_NOW = 'attribute_not_exists(countedAt) OR countedAt <= :before';
const AS_SEEN = 'countedAt = :seen';
const NEVER_COUNTED = 'attribute_not_exists(countedAt)';

/**
 * Keeps the number of people in each room, counted as connections, in the State table. The number has a row of its own,
 * because writing it to the row of the room's head would delay numbering.
 */
export class RoomPeople implements People {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(db: DynamoDBDocumentClient, stateTable: string) {
    this.#db = db;
    this.#table = stateTable;
  }

  async find(room: string): Promise<LastCount | undefined> {
    const { Item } = await this.#db.send(new GetCommand({ TableName: this.#table, Key: peopleKey(room) }));
    return Item && { people: Item.people, at: Item.countedAt };
  }

  async keep(room: string, { people, at }: Count): Promise<void> {
    await this.#write(room, 'SET people = :people, countedAt = :at, expiresAt = :expiry', NOT_JUST_NOW, at, {
      ':people': people,
      ':before': at - APART_MS,
    });
  }

  async claim(room: string, seen: LastCount | undefined, now: number): Promise<boolean> {
    const [condition, values] = seen ? [AS_SEEN, { ':seen': seen.at }] : [NEVER_COUNTED, {}];
    // Dates the claim one second back. The caller's count may follow at once, and `keep` refuses a count less than a
    // second after `countedAt`.
    return this.#write(room, 'SET countedAt = :at, expiresAt = :expiry', condition, now - APART_MS, values);
  }

  /** @returns whether the condition held */
  #write(room: string, UpdateExpression: string, ConditionExpression: string, at: number, values: object) {
    const ExpressionAttributeValues = { ...values, ':at': at, ':expiry': Math.ceil(at / 1_000) + KEPT_SECONDS };
    const update = new UpdateCommand({
      ...{ TableName: this.#table, Key: peopleKey(room) },
      ...{ UpdateExpression, ConditionExpression, ExpressionAttributeValues },
    });
    return wasMade(this.#db.send(update));
  }
}

const peopleKey = (room: string) => ({ pk: `ROOM#${room}`, sk: 'PEOPLE' });
