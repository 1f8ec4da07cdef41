import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

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

  async read(room: string): Promise<readonly string[]> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: this.#table, Key: wordsKey(room), ConsistentRead: true }),
    );
    return Item?.words ?? [];
  }

  async write(room: string, words: readonly string[]): Promise<void> {
    await this.#db.send(new PutCommand({ TableName: this.#table, Item: { ...wordsKey(room), words } }));
  }
}
