import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Connections } from '../domain/ports/connections.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { ServerFrame } from '../domain/schema.generated.ts';
import type { Runtime } from '../infra/runtime.ts';
import { errorFrames } from './middleware/errors.ts';
import { type Identified, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import type { Validate } from './middleware/validators.generated.js';

export interface FramePorts {
  connections: () => Connections;
  telemetry: Telemetry;
  runtime: Runtime;
}

interface Admission {
  /** Whether a guest may do this. */
  guests: boolean;
  /** Whether someone whose token has ended may. */
  expired?: boolean;
  /** Takes a token from the bucket that the frame counts against. */
  limit: MiddlewareObj;
}

/**
 * The middlewares of every frame: who sent it, how often, and whether it is valid, in this order, so that a refusal costs
 * as little as possible.
 */
export function frameChain<Body, Context extends Identified>(
  name: string,
  isFrame: Validate<{ body: Body }>,
  { guests, expired = false, limit }: Admission,
  { connections, telemetry, runtime: { now } }: FramePorts,
): MiddyfiedHandler<{ body: Body }, unknown, Error, Context> {
  return middy<{ body: Body }, unknown, Error, Context>()
    .use(trace(name, telemetry, now))
    .use(errorFrames(telemetry))
    .use(identify(connections, { guests, expired }, now))
    .use(limit)
    .use(parse())
    .use(validate(isFrame));
}

/** A route's response: the frame that the sender gets. */
export function answer(frame: ServerFrame) {
  return { statusCode: 200, body: JSON.stringify(frame) };
}
