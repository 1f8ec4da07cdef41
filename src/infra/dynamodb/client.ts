import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableClock } from './table-clock.ts';

/**
 * Creates a client of DynamoDB, or of the service at `DYNAMODB_ENDPOINT` if that is set. Each attempt at a request
 * times out after 3 s; an answer usually takes single-digit milliseconds. By default the SDK sets no time-out, so one
 * request could use up the 29 s of an API Gateway integration.
 *
 * @param clock receives the date of each answer
 * @param maxAttempts maximum number of attempts at a request. The SDK repeats a request only after a temporary failure,
 *   such as throttling, with exponential backoff.
 */
export function documentClient(clock?: TableClock, maxAttempts = 4): DynamoDBDocumentClient {
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  const client = new DynamoDBClient({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
      // By default the SDK opens at most 50 sockets, and a request that waits for a free one fails after
      // `connectionTimeout`. The local process runs all functions and can have more than 50 requests in flight.
      httpAgent: { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY },
    },
  });
  // Removes the SDK's logging, which copies every answer to mask secrets, even if there is no logger. The copy costs
  // 4 µs for each row of a Query.
  client.middlewareStack.remove('loggerMiddleware');
  if (clock) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        clock.heard((answer.response as { headers?: Record<string, string> }).headers?.date);
        return answer;
      },
      // Runs closest to the network, before the SDK reads the answer, so that the clock also receives the dates of
      // error answers.
      { step: 'deserialize', priority: 'low', name: 'tableClock' },
    );
  }
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
