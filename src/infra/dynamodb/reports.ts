import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Reports, StoredReport } from '../../domain/ports/reports.ts';
import { wasMade } from './failures.ts';

/** Time for which a report is kept, ms. It is long enough for a moderator who looks once a month. */
const KEPT_MS = 30 * 24 * 3_600_000;

const NOT_REPORTED = 'attribute_not_exists(pk)';

/** Keeps reports as rows of the State table, with the keys `REPORTS#<room>` and `<target>#<reporter>`. */
export class DynamoReports implements Reports {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(db: DynamoDBDocumentClient, stateTable: string) {
    this.#db = db;
    this.#table = stateTable;
  }

  async add(room: string, report: StoredReport): Promise<void> {
    const expiresAt = Math.ceil((report.at + KEPT_MS) / 1_000);
    const Item = { pk: `REPORTS#${room}`, sk: `${report.target}#${report.by.id}`, ...report, expiresAt };
    await wasMade(this.#db.send(new PutCommand({ TableName: this.#table, Item, ConditionExpression: NOT_REPORTED })));
  }

  async inRoom(room: string): Promise<StoredReport[]> {
    const found: StoredReport[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `REPORTS#${room}` },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const { target, by, at, reason } of page.Items ?? [])
        found.push({ target, by, at, ...(reason ? { reason } : {}) });
      start = page.LastEvaluatedKey;
    } while (start);
    return found;
  }
}
