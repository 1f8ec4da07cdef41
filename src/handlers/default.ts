import middy from '@middy/core';
import { ShoutError } from '../domain/errors.ts';
import { connectionLimiter } from '../infra/composition.ts';
import { consoleTelemetry } from '../infra/telemetry.ts';
import { errorFrames } from './middleware/errors.ts';
import { parse } from './middleware/parse.ts';
import { rateLimitConnection } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';

/** `$default`: whatever no other route takes, JSON or not. */
export const handler = middy<{ body: unknown }>()
  .use(trace('default', consoleTelemetry))
  .use(errorFrames(consoleTelemetry))
  .use(rateLimitConnection(connectionLimiter))
  .use(parse())
  .handler(async ({ body }) => {
    const action = (body as { action?: unknown } | null)?.action;
    if (typeof action !== 'string') throw new ShoutError('invalid_message', 'Send a JSON object with an `action`.');
    throw new ShoutError(
      'unknown_action',
      'There is no such action. Try sendMessage, deleteMessage, ping or authenticate.',
    );
  });
