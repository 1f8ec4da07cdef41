import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Rules } from '../../src/domain/governance/rules.ts';
import type { ChatHistoryPage, EventsPage } from '../../src/domain/schema.generated.ts';
import { RULES_ID } from '../../src/infra/dynamodb/room-rules.ts';
import { entryOf } from './clients/journal.ts';
import type { Entry, History, Stored } from './history.ts';

export const EVENTS_TABLE = 'shout-box-dev-events';
export const STATE_TABLE = 'shout-box-dev-state';

/** Reads and changes one room's items in the tables directly, and reads the room through the stack's HTTP API. */
export class RoomStore {
  readonly #db: DynamoDBDocumentClient;
  readonly #room: string;

  constructor(endpoint: string, room: string) {
    this.#db = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }));
    this.#room = room;
  }

  async head(): Promise<{ epoch: string; seq: number }> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: STATE_TABLE, Key: this.#headKey(), ConsistentRead: true }),
    );
    // The head's row can be missing. While the head is being rebuilt, the row has an epoch and no number yet.
    return Item?.seq === undefined ? { epoch: '', seq: 0 } : { epoch: Item.epoch as string, seq: Item.seq as number };
  }

  async log(): Promise<Stored[]> {
    const events = (await this.#items()).filter(({ id }) => id !== RULES_ID);
    return events.map((item) => entryOf(item as unknown as Parameters<typeof entryOf>[0]));
  }

  /** Returns the rules of the room; empty if nobody has changed any. */
  async rules(): Promise<Partial<Rules>> {
    const Key = { room: this.#room, id: RULES_ID };
    const { Item = {} } = await this.#db.send(new GetCommand({ TableName: EVENTS_TABLE, Key, ConsistentRead: true }));
    return Item as Partial<Rules>;
  }

  /** Returns all events that `GET /events` serves, read page by page. */
  async served(http: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const answer = await fetch(`${http}/events?room=${this.#room}&after=${after}&limit=100`);
      const { events } = (await answer.json()) as EventsPage;
      if (events.length === 0) return entries;
      entries.push(...events.map(entryOf));
    }
  }

  /** Returns all messages that `GET /chat-history` serves, read page by page. */
  async paged(http: string): Promise<History['paged']> {
    const entries: History['paged'] = [];
    for (let before = ''; ; ) {
      const answer = await fetch(`${http}/chat-history?room=${this.#room}&limit=100${before}`);
      const { messages, nextBefore } = (await answer.json()) as ChatHistoryPage;
      entries.push(...messages.map(({ seq, id, text }) => ({ seq, id, text })));
      if (nextBefore === null || before === `&before=${nextBefore}`) return entries;
      before = `&before=${nextBefore}`;
    }
  }

  async connectionsOf(actorId: string): Promise<string[]> {
    const Key = { pk: `PERSON#${actorId}`, sk: 'CONNECTIONS' };
    const { Item } = await this.#db.send(new GetCommand({ TableName: STATE_TABLE, Key, ConsistentRead: true }));
    return [...((Item?.connectionIds as Set<string> | undefined) ?? [])];
  }

  async put(item: Record<string, unknown>): Promise<void> {
    await this.#db.send(new PutCommand({ TableName: EVENTS_TABLE, Item: { room: this.#room, ...item } }));
  }

  async remove(id: string): Promise<void> {
    await this.#db.send(new DeleteCommand({ TableName: EVENTS_TABLE, Key: { room: this.#room, id } }));
  }

  /**
   * Sets `numberedAt` of the head, and of each event whose preceding number is missing, to an hour ago. The missing
   * numbers then count as vacant at once, and not only after a minute (src/domain/reading/vacancy.ts).
   */
  async age(): Promise<void> {
    const anHourAgo = { ':at': Date.now() - 3_600_000 };
    const old = { UpdateExpression: 'SET numberedAt = :at', ExpressionAttributeValues: anHourAgo };
    const numbered = (await this.#items()).filter(({ seq }) => seq !== undefined);
    const numbers = new Set(numbered.map(({ seq }) => seq as number));
    for (const { room, id, seq } of numbered) {
      if (numbers.has((seq as number) - 1)) continue;
      await this.#db.send(new UpdateCommand({ TableName: EVENTS_TABLE, Key: { room, id }, ...old }));
    }
    await this.#db.send(new UpdateCommand({ TableName: STATE_TABLE, Key: this.#headKey(), ...old }));
  }

  /** Removes the head's row from the State table, as if only the Events table had been restored from a backup. */
  async loseHead(): Promise<void> {
    await this.#db.send(new DeleteCommand({ TableName: STATE_TABLE, Key: this.#headKey() }));
  }

  /** Removes all items of the room from the Events table, and the head's row. */
  async wipe(): Promise<void> {
    for (const { id } of await this.#items()) await this.remove(id as string);
    await this.loseHead();
  }

  #headKey() {
    return { pk: `ROOM#${this.#room}`, sk: 'HEAD' };
  }

  async #items(): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: EVENTS_TABLE,
          KeyConditionExpression: 'room = :room',
          ExpressionAttributeValues: { ':room': this.#room },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }
}
