import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { wasMade } from './failures.ts';

/**
 * Key of the row with a room's blocked words. The words are not events, because everyone who reads a room gets all of
 * its events, and the words are for the operator only.
 */
export const wordsKey = (room: string) => ({ pk: `ROOM#${room}`, sk: 'WORDS' });

/** Reads and replaces the blocked words of a room, for an operator. */
export class DynamoWords {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(db: DynamoDBDocumentClient, stateTable: string) {
    this.#db = db;
    this.#table = stateTable;
  }

  /** @returns undefined if the room never had blocked words */
  async read(room: string): Promise<readonly string[] | undefined> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: this.#table, Key: wordsKey(room), ConsistentRead: true }),
    );
    return Item?.words;
  }

  /**
   * Replaces the words.
   * @param before the words as `read` returned them
   * @returns false if the stored words are no longer `before`; nothing is then written
   */
  async write(room: string, words: readonly string[], before: readonly string[] | undefined): Promise<boolean> {
    const unchanged = before
      ? { ConditionExpression: 'words = :before', ExpressionAttributeValues: { ':before': before } }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    const Item = { ...wordsKey(room), words };
    return wasMade(this.#db.send(new PutCommand({ TableName: this.#table, Item, ...unchanged })));
  }
}
