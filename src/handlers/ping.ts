import middy from '@middy/core';
import type { Pong } from '../domain/schema.generated.ts';
import { connectionLimiter, connections, eventLog } from '../infra/composition.ts';
import { consoleTelemetry } from '../infra/telemetry.ts';
import { errorFrames } from './middleware/errors.ts';
import { type Identified, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { rateLimitConnection } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { ping } from './middleware/validators.generated.js';

/** `ping` tells the room's head, by which a client sees that it missed the last message, and keeps the connection open. */
export const handler = middy<unknown, unknown, Error, Identified>()
  .use(trace('ping', consoleTelemetry))
  .use(errorFrames(consoleTelemetry))
  .use(identify(connections, { guests: true }))
  .use(rateLimitConnection(connectionLimiter))
  .use(parse())
  .use(validate(ping, ({ body }) => body))
  .handler(async (_event, { connection }) => {
    const { epoch, seq } = await eventLog().head(connection.room);
    const pong: Pong = { type: 'pong', epoch, head: seq };
    return { statusCode: 200, body: JSON.stringify(pong) };
  });
