import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../domain/erasure/without.ts';
import type { StoredEvent } from '../../domain/ports/event-log.ts';
import type { StoredItems } from '../../domain/ports/stored-items.ts';
import { amending } from './event-log.ts';
import { isTransactionConflict, wasMade } from './failures.ts';
import type { Tables } from './room-heads.ts';

/** Reads and changes the items of both tables. Scans them, so it is for an operator's command, not for a Lambda. */
export class DynamoStoredItems implements StoredItems {
  readonly #db: DynamoDBDocumentClient;
  readonly #tables: Tables;

  constructor(db: DynamoDBDocumentClient, tables: Tables) {
    this.#db = db;
    this.#tables = tables;
  }

  events(): AsyncIterable<readonly Item[]> {
    return this.#scan(this.#tables.eventsTable);
  }

  rows(): AsyncIterable<readonly Item[]> {
    return this.#scan(this.#tables.stateTable);
  }

  async replaceEvent(after: StoredEvent): Promise<boolean> {
    const { UpdateExpression, ExpressionAttributeValues, ...update } = amending(this.#tables.eventsTable, after);
    return this.#update({
      ...update,
      UpdateExpression: `${UpdateExpression}, actor = :actor`,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ':actor': after.actor },
    });
  }

  async replaceRow(before: Item, after: Item): Promise<boolean> {
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    const each = (say: (n: number) => string, between: string) => changed.map((_, n) => say(n)).join(between);
    return this.#update({
      TableName: this.#tables.stateTable,
      Key: { pk: before.pk, sk: before.sk },
      UpdateExpression: `SET ${each((n) => `#n${n} = :new${n}`, ', ')}`,
      ConditionExpression: each((n) => `#n${n} = :old${n}`, ' AND '),
      ExpressionAttributeNames: Object.fromEntries(changed.map((name, n) => [`#n${n}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        changed.flatMap((name, n) => [
          [`:new${n}`, after[name]],
          [`:old${n}`, before[name]],
        ]),
      ),
    });
  }

  async #update(input: ConstructorParameters<typeof UpdateCommand>[0]): Promise<boolean> {
    try {
      return await wasMade(this.#db.send(new UpdateCommand(input)));
    } catch (error) {
      if (isTransactionConflict(error)) return false;
      throw error;
    }
  }

  async *#scan(table: string): AsyncGenerator<readonly Item[]> {
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        // Reads consistently, because the last pass of an erasure must prove that nothing to erase is left.
        new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
      );
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }
}
