import type { MiddlewareObj, Request } from '@middy/core';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';

/**
 * One log line for each invocation, unless it was refused for its rate: its name, connection, duration and outcome. Never a
 * token, never a text. X-Ray finds it by the trace id; the segment itself is Lambda's own (active tracing).
 */
export function trace(name: string, telemetry: Telemetry, now: Clock): MiddlewareObj {
  const started = new WeakMap<object, number>();
  const end = (request: Request) => {
    const { requestContext } = request.event as { requestContext?: { connectionId?: string } };
    const { code } = (request.error ?? {}) as { code?: string };
    if (code === 'rate_limited') {
      // A flood writes no lines; the next line that is written has the count.
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
