import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { StoredEvent } from '../../domain/ports/event-log.ts';
import { RULES_ID } from './room-rules.ts';
import { toStoredEvent } from './stream-records.ts';

/**
 * Yields every event that has no number. The events come room by room, because a scan returns the items of one
 * partition key together. Reads the whole log, so it is for an operator's command, not for a Lambda.
 *
 * @param onSkipped called for each item that is no event; the scan then continues
 */
export async function* unnumberedEvents(
  db: DynamoDBDocumentClient,
  table: string,
  onSkipped: (reason: string) => void,
): AsyncGenerator<StoredEvent> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await db.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: 'attribute_not_exists(seq) AND id <> :rules',
        ExpressionAttributeValues: { ':rules': RULES_ID },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      const event = readable(item, onSkipped);
      if (event) yield event;
    }
    start = page.LastEvaluatedKey;
  } while (start);
}

function readable(item: Record<string, unknown>, onSkipped: (reason: string) => void): StoredEvent | undefined {
  try {
    return toStoredEvent(item);
  } catch (error) {
    onSkipped(`${item.room} ${item.id}: ${(error as Error).message}`);
    return undefined;
  }
}
