import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { InMemoryDynamoDB } from './engine.ts';

/** Answers a request. May execute it now, later or not at all, and may fail before or after its execution. */
export type Send = (command: string, input: object, execute: () => object) => Promise<object>;

/**
 * Returns a document client for an engine in memory. The adapters of src/infra/dynamodb work with it unchanged.
 *
 * @param send decides when and whether each request is executed; by default at once
 */
export function inMemoryClient(
  db: () => InMemoryDynamoDB,
  send: Send = async (_command, _input, execute) => execute(),
): DynamoDBDocumentClient {
  const client = {
    send: ({ constructor: { name }, input }: { constructor: { name: string }; input: object }) =>
      send(name, input, () => db().execute(name, input)),
  };
  return client as unknown as DynamoDBDocumentClient;
}
