import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ShoutError } from '../../domain/errors.ts';
import type { Admission } from '../../domain/ports/admission.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Connection } from '../../domain/ports/connections.ts';
import type { Actor } from '../../domain/schema.generated.ts';

/** The context after {@link identify}. */
export interface Identified extends Context {
  connection: Connection;
}

/** The context after {@link identify} if it refuses guests. */
export interface IdentifiedPerson extends Context {
  connection: Connection & { actor: Actor };
}

interface Options {
  /** Whether a guest may send the frame. */
  guests: boolean;
  /** Whether a person whose token has expired may send the frame. */
  expired?: boolean;
}

/**
 * Finds the sender of a frame in the connection's row, and counts the frame toward the connection's rate limit. A frame
 * counts even if it is then refused because its sender is a guest or the sender's token has expired.
 */
export function identify(admission: () => Admission, { guests, expired = false }: Options, now: Clock): MiddlewareObj {
  const identifyBefore: MiddlewareObj['before'] = async ({ event, context }) => {
    const { connectionId } = (event as { requestContext: { connectionId: string } }).requestContext;
    const connection = await admission().admit(connectionId);
    if (!connection) throw new ShoutError('unauthenticated', 'This connection is not known any more. Connect again.');
    const { actor, tokenExpiresAt = 0 } = connection;
    if (!actor && !guests) throw new ShoutError('unauthenticated', 'Guests may read only. Sign in to write.');
    if (actor && !expired && tokenExpiresAt <= now())
      throw new ShoutError('unauthenticated', 'Your token has expired. Sign in again.');
    (context as Identified).connection = connection;
  };
  return { before: identifyBefore };
}
