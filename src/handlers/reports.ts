import middy from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import { readRoom } from '../domain/admission/read-room.ts';
import { ShoutError } from '../domain/errors.ts';
import { moderationPage } from '../domain/governance/moderation-page.ts';
import type { ReportsQuery } from '../domain/schema.generated.ts';
import {
  access,
  originSecrets,
  readLimits,
  readRoomPorts,
  reports,
  runtime,
  telemetry,
  tokenVerifier,
  tracedEventLog,
} from '../infra/composition.ts';
import { type Authenticated, authenticateRequest } from './middleware/authenticate.ts';
import { behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { json, query } from './middleware/http.ts';
import { rateLimitCaller } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { reportsQuery } from './middleware/validators.generated.js';

/** `GET /reports`: what moderators need to see of a room, and nobody else may. */
export const handler = middy<{ queryStringParameters: ReportsQuery }, unknown, Error, Authenticated>()
  .use(trace('reports', telemetry, runtime.now))
  .use(errorStatus(telemetry))
  .use(normalizeHeaders({ canonical: false }))
  .use(behindDistribution(originSecrets))
  .use(authenticateRequest({ verifier: tokenVerifier, policy: access }))
  .use(rateLimitCaller(readLimits))
  .use(query())
  .use(validate(reportsQuery))
  .handler(async (event, { caller }) => {
    const { room = 'lobby' } = event.queryStringParameters;
    if (!caller) throw new ShoutError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
    if (caller.actor.role !== 'moderator') throw new ShoutError('forbidden', 'Only moderators may do this.');
    await readRoom(room, caller, readRoomPorts(), runtime.now());
    return json(await moderationPage(room, { log: tracedEventLog(), reports: reports() }, runtime.now()));
  });
