import type { MiddlewareObj } from '@middy/core';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { IdentifiedPerson } from './identify.ts';

/** Takes one token from the sender's bucket, which is the person's, whatever number of connections they have. */
export function rateLimitPerson(limiter: () => RateLimiter): MiddlewareObj {
  const rateLimitPersonBefore: MiddlewareObj['before'] = async ({ context }) => {
    await limiter().take((context as IdentifiedPerson).connection.actor.id);
  };
  return { before: rateLimitPersonBefore };
}

/** Takes one token from the connection's bucket: the only one a guest has. */
export function rateLimitConnection(limiter: () => RateLimiter): MiddlewareObj {
  const rateLimitConnectionBefore: MiddlewareObj['before'] = async ({ event }) => {
    const { connectionId } = (event as { requestContext: { connectionId: string } }).requestContext;
    // `#` is in no actor id, so nobody's bucket is somebody else's.
    await limiter().take(`CONN#${connectionId}`);
  };
  return { before: rateLimitConnectionBefore };
}
