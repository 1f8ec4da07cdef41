import middy, { type MiddyfiedHandler } from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { Runtime } from '../infra/runtime.ts';
import { type Authenticated, type AuthenticationOptions, authenticateRequest } from './middleware/authenticate.ts';
import { behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { query } from './middleware/http.ts';
import { type CallerLimits, rateLimitCaller } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { type Validate, validate } from './middleware/validate.ts';

export interface QueryPorts extends AuthenticationOptions {
  originSecrets: () => readonly string[];
  limits: () => CallerLimits;
  telemetry: Telemetry;
  runtime: Runtime;
}

/**
 * Makes the chain of middlewares for HTTP requests that read a room. The chain counts a request before it validates it,
 * so that invalid requests use up the caller's rate limit, too.
 */
export function queryChain<Query>(
  name: string,
  isQuery: Validate<{ queryStringParameters: Query }>,
  { originSecrets, verifier, policy, limits, telemetry, runtime: { now } }: QueryPorts,
): MiddyfiedHandler<{ queryStringParameters: Query }, unknown, Error, Authenticated> {
  return middy<{ queryStringParameters: Query }, unknown, Error, Authenticated>()
    .use(trace(name, telemetry, now))
    .use(errorStatus(telemetry))
    .use(normalizeHeaders({ canonical: false }))
    .use(behindDistribution(originSecrets))
    .use(authenticateRequest({ verifier, policy }))
    .use(rateLimitCaller(limits))
    .use(query())
    .use(validate(isQuery));
}
