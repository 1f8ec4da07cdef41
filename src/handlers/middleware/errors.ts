import type { MiddlewareObj } from '@middy/core';
import { ShoutError } from '../../domain/errors.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';
import type { ErrorCode, ErrorFrame, Problem } from '../../domain/schema.generated.ts';
import { bodyOf } from './parse.ts';
import { validationRefusal } from './validate.ts';

const STATUS: Record<ErrorCode, number> = {
  invalid_message: 400,
  unknown_action: 404,
  too_large: 413,
  rate_limited: 429,
  unauthenticated: 401,
  forbidden: 403,
  conflict: 409,
  replaced: 409,
  unavailable: 503,
};

const CLIENT_MESSAGE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Answers a refused frame with an `error` frame. API Gateway sends only the body of the route's response to the client,
 * as a frame. The client never sees the status, so the status is always 200.
 */
export function errorFrames(telemetry: Telemetry): MiddlewareObj {
  const errorFramesOnError: MiddlewareObj['onError'] = (request) => {
    const { code, message, retryAfterMs, clientMessageId, rule, until } = toShoutError(request.error, telemetry);
    const id = clientMessageId ?? (bodyOf(request.event) as { clientMessageId?: unknown } | undefined)?.clientMessageId;
    const frame: ErrorFrame = { type: 'error', code, message };
    if (typeof id === 'string' && CLIENT_MESSAGE_ID.test(id)) frame.clientMessageId = id;
    if (retryAfterMs !== undefined) frame.retryAfterMs = retryAfterMs;
    if (rule !== undefined) frame.rule = rule;
    if (until !== undefined) frame.until = until;
    request.response = { statusCode: 200, body: JSON.stringify(frame) };
  };
  return { onError: errorFramesOnError };
}

/** Answers a refused HTTP request or `$connect` with a status and a `Problem`. */
export function errorStatus(telemetry: Telemetry): MiddlewareObj {
  const errorStatusOnError: MiddlewareObj['onError'] = (request) => {
    const { code, message, retryAfterMs, rule } = toShoutError(request.error, telemetry);
    const problem: Problem = {
      code,
      message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(rule === undefined ? {} : { rule }),
    };
    request.response = {
      statusCode: STATUS[code],
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
        // An answer with status 401 names the authentication scheme (RFC 6750, section 3).
        ...(code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      },
      body: JSON.stringify(problem),
    };
  };
  return { onError: errorStatusOnError };
}

/**
 * Returns the refusal that the client gets. An error that is no refusal is a failure of the server or the store: the
 * client gets `unavailable`, and the reason goes to the log.
 */
function toShoutError(error: unknown, telemetry: Telemetry): ShoutError {
  if (error instanceof ShoutError) return error;
  const invalid = validationRefusal(error);
  if (invalid) return invalid;
  const { name, message, stack } = error as Error;
  telemetry.count('Unexpected');
  telemetry.log('error', 'unexpected', { error: name, message, stack });
  return new ShoutError('unavailable', 'Something went wrong on our side. Try again soon.', { cause: error });
}
