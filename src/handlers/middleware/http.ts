import type { MiddlewareObj } from '@middy/core';
import { ShoutError } from '../../domain/errors.ts';

/** API Gateway omits the property if the URL has no query. */
export function query(): MiddlewareObj {
  const queryBefore: MiddlewareObj['before'] = ({ event }) => {
    (event as { queryStringParameters?: object | null }).queryStringParameters ??= {};
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
