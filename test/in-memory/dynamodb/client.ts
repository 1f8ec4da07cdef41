import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { InMemoryDynamoDB } from './engine.ts';

/** Runs a request, now or later, or makes it fail before or after it ran. */
export type Send = (command: string, input: object, execute: () => object) => Promise<object>;

/**
 * The document client of an engine in memory: the shipping adapters run on it as they are.
 *
 * @param send decides about each request when and whether it happens; by itself, at once
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
