import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Admission } from '../domain/ports/admission.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { Actor, ServerFrame } from '../domain/schema.generated.ts';
import type { Runtime } from '../infra/runtime.ts';
import { errorFrames } from './middleware/errors.ts';
import { type Identified, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { closeFlooding, type DialLimits } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { type Validate, validate } from './middleware/validate.ts';

export interface FramePorts {
  admission: () => Admission;
  /** Closes a connection from the server's side. */
  close: (connectionId: string) => Promise<void>;
  /** Rate limits of new connections. Whoever sent a flood must wait before connecting again. */
  dialLimits: () => DialLimits;
  telemetry: Telemetry;
  runtime: Runtime;
}

interface Who {
  /** Whether a guest may send this frame. */
  guests: boolean;
  /** Whether a person may send this frame after their token has expired. */
  expired?: boolean;
  /** A second rate limit for this frame, besides the connection's. */
  limit?: MiddlewareObj;
}

/**
 * Makes the chain of middlewares for the frames of one action. They find the sender and check the rate limits before
 * they parse and validate the frame, so that refusing a frame of a flood costs as little as possible.
 */
export function frameChain<Body, Context extends Identified>(
  name: string,
  isFrame: Validate<{ body: Body }>,
  { guests, expired = false, limit }: Who,
  { admission, close, dialLimits, telemetry, runtime: { now } }: FramePorts,
): MiddyfiedHandler<{ body: Body }, unknown, Error, Context> {
  return middy<{ body: Body }, unknown, Error, Context>()
    .use(trace(name, telemetry, now))
    .use(errorFrames(telemetry))
    .use(closeFlooding(admission, close, dialLimits))
    .use(identify(admission, { guests, expired }, now))
    .use(limit ? [limit] : [])
    .use(parse())
    .use(validate(isFrame));
}

/** Returns a route's response, whose body the sender gets as a frame. */
export function answer(frame: ServerFrame) {
  return { statusCode: 200, body: JSON.stringify(frame) };
}

/** Returns an object with the sender's role, to spread into an answer; an empty object if the sender has no role. */
export function roleOf(actor: Actor | undefined): Pick<Actor, 'role'> {
  return actor?.role ? { role: actor.role } : {};
}
