import type { Context } from 'aws-lambda';

/** Returns the part of Lambda's context that handlers read: the remaining time of an invocation that begins now. */
export function lambdaContext(timeoutMs = 60_000): Context {
  const until = performance.now() + timeoutMs;
  return { getRemainingTimeInMillis: () => Math.max(0, until - performance.now()) } as Context;
}
