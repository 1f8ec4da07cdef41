import type { MiddlewareObj } from '@middy/core';
import { ShoutError } from '../../domain/errors.ts';

interface Query {
  queryStringParameters?: Record<string, string> | null;
  multiValueQueryStringParameters?: Record<string, string[]> | null;
}

/**
 * Makes query parameters the same for HTTP and WebSocket. In an HTTP event, API Gateway joins the values of a repeated
 * parameter with commas. In a WebSocket event, it puts only the last value into `queryStringParameters`. So this
 * middleware joins the values in `multiValueQueryStringParameters` with commas. Without a query in the URL,
 * `queryStringParameters` becomes an empty object.
 */
export function query(): MiddlewareObj {
  const queryBefore: MiddlewareObj['before'] = ({ event }) => {
    const { queryStringParameters, multiValueQueryStringParameters } = event as Query;
    const all = Object.entries(multiValueQueryStringParameters ?? {});
    const joined = Object.fromEntries(all.map(([name, values]) => [name, values.join()]));
    (event as Query).queryStringParameters = { ...queryStringParameters, ...joined };
  };
  return { before: queryBefore };
}

/**
 * Reads the size of a page from the parameter `limit`. Without `limit`, the size is 50, or `max` if `max` is lower.
 * @throws ShoutError `invalid_message` if `limit` is above `max`, because a reader would take a silently shorter page
 *   for the last one
 */
export function pageSize(limit: string | undefined, max: number): number {
  const size = limit === undefined ? Math.min(50, max) : Number(limit);
  if (size > max) throw new ShoutError('invalid_message', `limit is at most ${max}.`);
  return size;
}

export function json(body: unknown, cacheControl = 'no-store') {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': cacheControl, 'x-content-type-options': 'nosniff' },
    body: JSON.stringify(body),
  };
}
