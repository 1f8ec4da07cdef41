import { FRAMES_PER_CONNECTION } from '../domain/admission/rate-limit.ts';
import type { LargeRooms } from '../domain/delivery/large-room.ts';
import type { Ports as PublishPorts } from '../domain/delivery/publish.ts';
import type { Connections } from '../domain/ports/connections.ts';
import type { EventLog } from '../domain/ports/event-log.ts';
import type { Push } from '../domain/ports/push.ts';
import type { RateLimiter } from '../domain/ports/rate-limiter.ts';
import type { TokenVerifier } from '../domain/ports/token-verifier.ts';
import { documentClient } from './dynamodb/client.ts';
import { DynamoConnections } from './dynamodb/connections.ts';
import { DynamoEventLog } from './dynamodb/event-log.ts';
import { DynamoRateLimiter } from './dynamodb/rate-limiter.ts';
import { traced } from './dynamodb/traced-client.ts';
import { unnumberedEvents } from './dynamodb/unnumbered-events.ts';
import { JwtVerifier } from './identity/token-verifier.ts';
import { LambdaDeliveries } from './push/lambda-deliveries.ts';
import { ManagementApiPush } from './push/management-api.ts';
import {
  readAccess,
  readConnectionSettings,
  readIdentity,
  readLargeRooms,
  readMessageLimits,
  readPageLimits,
  readPublic,
  readPush,
  readRate,
  readState,
  readTables,
} from './settings.ts';
import { consoleTelemetry } from './telemetry.ts';

/** Posts in flight per fan-out. */
const CONCURRENCY = 100;

/**
 * The composition root: the one place that knows which adapter stands behind which port. Each is made on first use
 * and kept. A bundle holds only those that its handler names: that is what the PURE marks and `sideEffects` in
 * package.json tell the bundler.
 */
export const access = /* @__PURE__ */ once(() => readAccess(process.env));
export const messageLimits = /* @__PURE__ */ once(() => readMessageLimits(process.env));
export const pageLimits = /* @__PURE__ */ once(() => readPageLimits(process.env));
export const publicSettings = /* @__PURE__ */ once(() => readPublic(process.env));

const db = /* @__PURE__ */ once(() => documentClient());

export const eventLog = /* @__PURE__ */ once((): EventLog => new DynamoEventLog(db(), readTables(process.env)));

/** The log for the read API, with its calls in the trace. */
export const tracedEventLog = /* @__PURE__ */ once(
  (): EventLog => new DynamoEventLog(traced(db()), readTables(process.env)),
);

export const connections = /* @__PURE__ */ once((): Connections => {
  const { stateTable, maxConnectionsPerPerson } = readConnectionSettings(process.env);
  return new DynamoConnections(db(), stateTable, maxConnectionsPerPerson);
});

export const rateLimiter = /* @__PURE__ */ once((): RateLimiter => {
  const { stateTable, rateBurst: burst, ratePerSecond: perSecond } = readRate(process.env);
  return new DynamoRateLimiter(db(), stateTable, { burst, perSecond });
});

export const connectionLimiter = /* @__PURE__ */ once(
  (): RateLimiter => new DynamoRateLimiter(db(), readState(process.env).stateTable, FRAMES_PER_CONNECTION),
);

export const tokenVerifier = /* @__PURE__ */ once((): TokenVerifier => new JwtVerifier(readIdentity(process.env)));

/** What Lambda gives each function, and one machine's settings give all of them. */
function aws() {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  return { region: AWS_REGION, credentials };
}

export const push = /* @__PURE__ */ once(
  (): Push =>
    new ManagementApiPush({
      ...aws(),
      endpoint: readPush(process.env).connectionsEndpoint,
      concurrency: CONCURRENCY,
      onThrottled: () => consoleTelemetry.count('Throttled'),
    }),
);

/** What a fan-out and a worker that delivers a part of one need alike. */
export const deliveryPorts = /* @__PURE__ */ once(() => ({
  connections: connections(),
  push: push(),
  now: Date.now,
  concurrency: CONCURRENCY,
}));

function largeRooms(): { largeRooms?: LargeRooms } {
  if (!process.env.DELIVER_FUNCTION) return {};
  const { deliverFunction, lambdaEndpoint, largeRoom: threshold, postsPerSecond } = readLargeRooms(process.env);
  const deliveries = new LambdaDeliveries(lambdaEndpoint, deliverFunction, aws());
  return { largeRooms: { deliveries, threshold, postsPerSecond } };
}

export const publishPorts = /* @__PURE__ */ once(
  (): PublishPorts => ({ ...deliveryPorts(), ...largeRooms(), log: eventLog(), telemetry: consoleTelemetry }),
);

/** The events that `npm run redrive` numbers. An item that is not an event is named and skipped. */
export const unnumbered = /* @__PURE__ */ once(() =>
  unnumberedEvents(db(), readTables(process.env).eventsTable, (reason) => console.warn(`Skipped, no event: ${reason}`)),
);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
