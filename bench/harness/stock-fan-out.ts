import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

/** How a sample application posts to a list of connections: one by one, all at once, or in groups. */
export type Strategy = (ids: readonly string[], post: (id: string) => Promise<void>) => Promise<void>;

export const serial: Strategy = async (ids, post) => {
  for (const id of ids) await post(id);
};

export const allAtOnce: Strategy = async (ids, post) => {
  await Promise.all(ids.map(post));
};

export const pagesOf50: Strategy = async (ids, post) => {
  for (let i = 0; i < ids.length; i += 50) await Promise.all(ids.slice(i, i + 50).map(post));
};

export interface StockRound {
  event: DynamoDBStreamEvent;
  room: string;
  firstSeq: number;
}

/**
 * Returns a fan-out as tutorials write it, to compare ours with. It lists the connections once per batch of stream
 * records. Then it takes the messages one after the other: it sends a PostToConnectionCommand to each connection, and
 * deletes the connections that are gone.
 */
export function stockFanOut(strategy: Strategy) {
  return async () => {
    const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const api = new ApiGatewayManagementApiClient({
      endpoint: process.env.CONNECTIONS_ENDPOINT!,
      // Silences the SDK's warning that many requests wait for one of its 50 sockets.
      requestHandler: { socketAcquisitionWarningTimeout: 600_000 },
    });
    return async ({ event, room, firstSeq }: StockRound) => {
      const ids = await list(db, room);
      for (const [index, { dynamodb }] of event.Records.entries()) {
        const { id, type, at, actor, data } = unmarshall(dynamodb!.NewImage as Parameters<typeof unmarshall>[0]);
        const Data = JSON.stringify({ seq: firstSeq + index, id, type, at, actor, data });
        await strategy(ids, async (ConnectionId) => {
          try {
            await api.send(new PostToConnectionCommand({ ConnectionId, Data }));
          } catch (error) {
            if (!(error instanceof GoneException)) return;
            const Key = { pk: `CONN#${ConnectionId}`, sk: 'CONN' };
            await db.send(new DeleteCommand({ TableName: process.env.STATE_TABLE!, Key }));
          }
        });
      }
    };
  };
}

async function list(db: DynamoDBDocumentClient, room: string): Promise<string[]> {
  const ids: string[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await db.send(
      new QueryCommand({
        TableName: process.env.STATE_TABLE!,
        IndexName: 'byRoom',
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': room },
        ExclusiveStartKey: start,
      }),
    );
    ids.push(...(page.Items ?? []).map(({ connectionId }) => connectionId as string));
    start = page.LastEvaluatedKey;
  } while (start);
  return ids;
}
