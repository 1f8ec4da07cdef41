import middy from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import { readRoom } from '../domain/admission/read-room.ts';
import { eventsAfter } from '../domain/reading/history.ts';
import type { EventsQuery } from '../domain/schema.generated.ts';
import {
  access,
  originSecrets,
  pageLimits,
  readLimits,
  readRoomPorts,
  runtime,
  telemetry,
  tokenVerifier,
  tracedEventLog,
} from '../infra/composition.ts';
import { type Authenticated, authenticateRequest } from './middleware/authenticate.ts';
import { behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { json, pageSize, query } from './middleware/http.ts';
import { rateLimitCaller } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { eventsQuery } from './middleware/validators.generated.js';

/** `GET /events`: what a client that knows `after` has missed, ascending and without a hole. */
export const handler = middy<{ queryStringParameters: EventsQuery }, unknown, Error, Authenticated>()
  .use(trace('events', telemetry, runtime.now))
  .use(errorStatus(telemetry))
  .use(normalizeHeaders({ canonical: false }))
  .use(behindDistribution(originSecrets))
  .use(authenticateRequest({ verifier: tokenVerifier, policy: access }))
  .use(rateLimitCaller(readLimits))
  .use(query())
  .use(validate(eventsQuery))
  .handler(async (event, { caller }) => {
    const { room = 'lobby', after, limit } = event.queryStringParameters;
    await readRoom(room, caller ?? {}, readRoomPorts(), runtime.now());
    const size = pageSize(limit, pageLimits().pageSizeMax);
    return json(await eventsAfter(tracedEventLog(), room, Number(after), size));
  });
