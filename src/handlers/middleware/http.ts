import type { MiddlewareObj } from '@middy/core';
import { ShoutError } from '../../domain/errors.ts';

interface Query {
  queryStringParameters?: Record<string, string> | null;
  multiValueQueryStringParameters?: Record<string, string[]> | null;
}

/**
 * API Gateway omits the property if the URL has no query. If a parameter is repeated, an HTTP request has its values joined by
 * commas. A WebSocket event has the last value, and all of them in a list of its own. This joins them there too, so that no
 * value is dropped without a word.
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

/** @throws ShoutError `invalid_message` above `max`: a silently shorter page would look like the end */
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
