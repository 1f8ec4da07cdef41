import type { MiddlewareObj, Request } from '@middy/core';
import { FLOOD_WAIT_MS, MAX_EARLY_FRAMES } from '../../domain/admission/limits.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Admission, Refused } from '../../domain/ports/admission.ts';
import type { Connection } from '../../domain/ports/connections.ts';
import type { ChargingRateLimiter, RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { Authenticated } from './authenticate.ts';
import type { BehindDistribution } from './behind-distribution.ts';
import type { IdentifiedPerson } from './identify.ts';
import { addressKey } from './source-address.ts';

/** Takes one token from the sender's bucket. A person has one bucket for all their connections. */
export function rateLimitPerson(limiter: () => RateLimiter): MiddlewareObj {
  const rateLimitPersonBefore: MiddlewareObj['before'] = async ({ context }) => {
    await limiter().take((context as IdentifiedPerson).connection.actor.id);
  };
  return { before: rateLimitPersonBefore };
}

export interface DialLimits {
  person: ChargingRateLimiter;
  address: ChargingRateLimiter;
}

/**
 * Closes a connection that keeps sending although it was told to wait. The sender must then wait before they connect
 * again ({@link chargeDials}).
 */
export function closeFlooding(
  admission: () => Admission,
  close: (id: string) => Promise<void>,
  dialLimits: () => DialLimits,
): MiddlewareObj {
  const closeFloodingOnError: MiddlewareObj['onError'] = async ({ error, event }) => {
    if (!(error instanceof ShoutError) || error.code !== 'rate_limited' || error.retryAfterMs === undefined) return;
    const { connectionId } = (event as { requestContext: { connectionId: string } }).requestContext;
    // If the table cannot count the frame, the frame is refused all the same, and the connection stays open.
    const { early, connection }: Refused = await admission()
      .refused(connectionId, error.retryAfterMs)
      .catch(() => ({ early: 0 }));
    // Closes the connection at the fifth frame that came before the wait was over. If that fails, tries again at the
    // tenth, the fifteenth and so on.
    if (early === 0 || early % MAX_EARLY_FRAMES > 0) return;
    admission().closed(connectionId);
    await Promise.all([
      close(connectionId),
      // Charges at the fifth early frame only, so that frames that are still on their way do not charge again.
      early === MAX_EARLY_FRAMES && connection ? chargeDials(connection, dialLimits()) : undefined,
    ]);
  };
  return { onError: closeFloodingOnError };
}

/**
 * Makes the sender wait before they connect again. Charges the limit of the person, or for a guest that of the
 * address. If a guest opened the connection and has signed in since, charges both.
 */
async function chargeDials({ actor, address }: Connection, limits: DialLimits): Promise<void> {
  const charges = [
    ...(actor ? [limits.person.charge(actor.id, FLOOD_WAIT_MS)] : []),
    ...(address ? [limits.address.charge(address, FLOOD_WAIT_MS)] : []),
  ];
  // Ignores failures, because the connection must be closed even if a charge fails.
  await Promise.allSettled(charges);
}

export interface CallerLimits {
  person: RateLimiter;
  address: RateLimiter;
}

/**
 * Limits HTTP requests and handshakes. A request counts toward the limit of the client's address if it has no token or
 * if an earlier middleware refused it. Any other request counts toward the limit of its person.
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
    await byAddress(request).catch((error) => {
      // A failure of the store must not hide why the request was refused.
      if (error instanceof ShoutError && error.code === 'rate_limited') request.error = error;
    });
  };
  return { before: rateLimitCallerBefore, onError: rateLimitCallerOnError };
}
