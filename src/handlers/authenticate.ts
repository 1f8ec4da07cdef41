import middy from '@middy/core';
import { ShoutError } from '../domain/errors.ts';
import type { Authenticate, Authenticated } from '../domain/schema.generated.ts';
import { connectionLimiter, connections, tokenVerifier } from '../infra/composition.ts';
import { consoleTelemetry } from '../infra/telemetry.ts';
import { errorFrames } from './middleware/errors.ts';
import { type Identified, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { rateLimitConnection } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { authenticate } from './middleware/validators.generated.js';

/** `authenticate` renews a connection's token without reconnecting, or signs a guest in. A person stays that person. */
export const handler = middy<{ body: Authenticate }, unknown, Error, Identified>()
  .use(trace('authenticate', consoleTelemetry))
  .use(errorFrames(consoleTelemetry))
  .use(identify(connections, { guests: true, expired: true }))
  .use(rateLimitConnection(connectionLimiter))
  .use(parse())
  .use(validate(authenticate, ({ body }) => body))
  .handler(async ({ body }, { connection }) => {
    const { actor, expiresAt } = await tokenVerifier().verify(body.token);
    const accepted = await connections().authenticate(connection, actor, expiresAt);
    if (!accepted) throw new ShoutError('forbidden', 'This connection belongs to another person. Connect anew.');
    const answer: Authenticated = { type: 'authenticated', expiresAt };
    return { statusCode: 200, body: JSON.stringify(answer) };
  });
