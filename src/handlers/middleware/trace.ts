import type { MiddlewareObj, Request } from '@middy/core';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';

/**
 * Writes one log line for each invocation: its name, connection, duration and outcome, never a token or a text. An
 * invocation that is refused for its rate writes no line. X-Ray finds the line by the trace id; Lambda itself sends the
 * segment (active tracing).
 */
export function trace(name: string, telemetry: Telemetry, now: Clock): MiddlewareObj {
  const started = new WeakMap<object, number>();
  const end = (request: Request) => {
    const { requestContext } = request.event as { requestContext?: { connectionId?: string } };
    const { code } = (request.error ?? {}) as { code?: string };
    if (code === 'rate_limited') {
      // A flood must not write lines. The next `flush` writes the count.
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

/** The header X-Ray passes to a Lambda: `Root=…;Parent=…;Sampled=…`. */
export function traceId(): string | undefined {
  return process.env._X_AMZN_TRACE_ID;
}
