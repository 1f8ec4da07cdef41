import type { MiddlewareObj, Request } from '@middy/core';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';

/**
 * Writes one log line for each invocation: the function's name, the connection, the duration, the outcome and the trace
 * id, but never a token or a text. An invocation that a rate limit refuses writes no line. The trace id names the
 * invocation's trace in X-Ray, which Lambda itself reports (active tracing).
 */
export function trace(name: string, telemetry: Telemetry, now: Clock): MiddlewareObj {
  const started = new WeakMap<object, number>();
  const end = (request: Request) => {
    const { requestContext } = request.event as { requestContext?: { connectionId?: string } };
    const { code } = (request.error ?? {}) as { code?: string };
    if (code === 'rate_limited') {
      // Writes no line, because a flood would write many. The next `flush` writes the count.
      telemetry.count('Refused');
      return;
    }
    telemetry.log(request.error ? 'warn' : 'info', name, {
      ms: now() - (started.get(request.context) ?? now()),
      connectionId: requestContext?.connectionId,
      status: request.response?.statusCode,
      code,
      traceId: traceId(),
    });
    telemetry.flush();
  };
  const traceBefore: MiddlewareObj['before'] = ({ context }) => {
    started.set(context, now());
  };
  const traceAfter: MiddlewareObj['after'] = (request) => end(request);
  const traceOnError: MiddlewareObj['onError'] = (request) => end(request);
  return { before: traceBefore, after: traceAfter, onError: traceOnError };
}

/** Returns the X-Ray tracing header that Lambda puts into the environment: `Root=…;Parent=…;Sampled=…`. */
export function traceId(): string | undefined {
  return process.env._X_AMZN_TRACE_ID;
}
