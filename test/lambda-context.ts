import type { Context } from 'aws-lambda';

/** Lambda's context, as far as handlers look at it: how much time is left of an invocation that begins now. */
export function lambdaContext(timeoutMs = 60_000): Context {
  const until = performance.now() + timeoutMs;
  return { getRemainingTimeInMillis: () => Math.max(0, until - performance.now()) } as Context;
}
