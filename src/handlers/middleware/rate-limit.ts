import type { MiddlewareObj, Request } from '@middy/core';
import { MAX_EARLY_FRAMES } from '../../domain/admission/limits.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Admission } from '../../domain/ports/admission.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { Authenticated } from './authenticate.ts';
import type { BehindDistribution } from './behind-distribution.ts';
import type { IdentifiedPerson } from './identify.ts';
import { addressKey } from './source-address.ts';

/** Takes one token from the sender's bucket, which is the person's, whatever number of connections they have. */
export function rateLimitPerson(limiter: () => RateLimiter): MiddlewareObj {
  const rateLimitPersonBefore: MiddlewareObj['before'] = async ({ context }) => {
    await limiter().take((context as IdentifiedPerson).connection.actor.id);
  };
  return { before: rateLimitPersonBefore };
}

/** Closes a connection that goes on sending although each answer tells it to wait. */
export function closeFlooding(admission: () => Admission, close: (id: string) => Promise<void>): MiddlewareObj {
  const closeFloodingOnError: MiddlewareObj['onError'] = async ({ error, event }) => {
    if (!(error instanceof ShoutError) || error.code !== 'rate_limited' || error.retryAfterMs === undefined) return;
    const { connectionId } = (event as { requestContext: { connectionId: string } }).requestContext;
    // A frame that the store could not count is refused all the same.
    const early = await admission()
      .refused(connectionId, error.retryAfterMs)
      .catch(() => 0);
    // Again after five more, should the first close not have worked.
    if (early === 0 || early % MAX_EARLY_FRAMES > 0) return;
    admission().closed(connectionId);
    await close(connectionId);
  };
  return { onError: closeFloodingOnError };
}

interface CallerLimits {
  person: RateLimiter;
  address: RateLimiter;
}

/**
 * Counts a request, or a connection that is opened: a person's by who they are, everybody else's by their address, and
 * so every request that was refused before it was known whose it is.
 */
export function rateLimitCaller(limits: () => CallerLimits): MiddlewareObj {
  const counted = new WeakSet<object>();
  const byAddress = ({ event, context }: Request) => {
    const { throughDistribution = false } = context as BehindDistribution;
    return limits().address.take(addressKey(event, throughDistribution));
  };
  const rateLimitCallerBefore: MiddlewareObj['before'] = async (request) => {
    counted.add(request.context);
    const { caller } = request.context as Authenticated;
    await (caller ? limits().person.take(caller.actor.id) : byAddress(request));
  };
  const rateLimitCallerOnError: MiddlewareObj['onError'] = async (request) => {
    if (counted.has(request.context)) return;
    await byAddress(request).catch((refusal) => {
      request.error = refusal;
    });
  };
  return { before: rateLimitCallerBefore, onError: rateLimitCallerOnError };
}
