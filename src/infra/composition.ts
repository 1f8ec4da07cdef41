import { type Limits, limitsOf } from '../domain/admission/limits.ts';
import { isForEveryone } from '../domain/admission/rooms.ts';
import type { LargeRooms } from '../domain/delivery/large-room.ts';
import type { SequenceAndFanOutPorts } from '../domain/delivery/sequence-and-fan-out.ts';
import type { ServeOrParkPorts } from '../domain/delivery/serve-or-park.ts';
import type { ErasePorts } from '../domain/erasure/erase.ts';
import type { RedrivePorts } from '../domain/numbering/parked.ts';
import type { Admission } from '../domain/ports/admission.ts';
import type { Connections } from '../domain/ports/connections.ts';
import type { EventLog } from '../domain/ports/event-log.ts';
import type { Gateway } from '../domain/ports/gateway.ts';
import type { Parking } from '../domain/ports/parking.ts';
import type { People } from '../domain/ports/people.ts';
import type { ChargingRateLimiter } from '../domain/ports/rate-limiter.ts';
import type { Reports } from '../domain/ports/reports.ts';
import type { RoomRules } from '../domain/ports/room-rules.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { TokenVerifier } from '../domain/ports/token-verifier.ts';
import type { ServerFrame } from '../domain/schema.generated.ts';
import { DynamoAdmission } from './dynamodb/admission.ts';
import { documentClient } from './dynamodb/client.ts';
import { DynamoConnections } from './dynamodb/connections.ts';
import { DynamoEventLog } from './dynamodb/event-log.ts';
import { isRejection } from './dynamodb/failures.ts';
import { DynamoRateLimiter } from './dynamodb/rate-limiter.ts';
import { DynamoReports } from './dynamodb/reports.ts';
import { RoomPeople } from './dynamodb/room-people.ts';
import { CachedRoomRules } from './dynamodb/room-rules.ts';
import { DynamoStoredItems } from './dynamodb/stored-items.ts';
import { TableClock } from './dynamodb/table-clock.ts';
import { traced } from './dynamodb/traced-client.ts';
import { unnumberedEvents } from './dynamodb/unnumbered-events.ts';
import { DynamoWords } from './dynamodb/words.ts';
import { LambdaWorkers } from './gateway/lambda-workers.ts';
import { ManagementApiGateway } from './gateway/management-api.ts';
import { IssuerKeys } from './identity/issuer-keys.ts';
import { JwtVerifier } from './identity/token-verifier.ts';
import { runtime } from './runtime.ts';
import {
  readAccess,
  readConnectionSettings,
  readGateway,
  readIdentity,
  readLargeRooms,
  readMessageLimits,
  readOriginSecrets,
  readPageLimits,
  readParking,
  readPublic,
  readRate,
  readRetention,
  readRooms,
  readTables,
} from './settings.ts';
import { ConsoleTelemetry } from './telemetry.ts';

/** Maximum number of posts in flight in one process. */
const CONCURRENCY = 100;

/**
 * The composition root: the one place that knows which adapter implements which port. Each adapter except `telemetry`
 * is created on first use and kept. The PURE marks, and `sideEffects` in package.json, let a bundler drop every adapter
 * that the bundled handler does not use.
 */
export { runtime };

export const telemetry: Telemetry = /* @__PURE__ */ new ConsoleTelemetry(runtime.now);

export const access = /* @__PURE__ */ once(() => readAccess(process.env));
export const originSecrets = /* @__PURE__ */ once(() => readOriginSecrets(process.env).originSecrets);
export const messageLimits = /* @__PURE__ */ once(() => readMessageLimits(process.env));
export const pageLimits = /* @__PURE__ */ once(() => readPageLimits(process.env));
export const publicSettings = /* @__PURE__ */ once(() => readPublic(process.env));

const tableClock = /* @__PURE__ */ once(() => new TableClock(runtime.now));

const db = /* @__PURE__ */ once(() => documentClient(tableClock()));

/**
 * What the log needs to number events. Uses the table's clock, because one machine stores the time at which a number
 * was given, and another compares it with its own time (domain/reading/vacancy.ts).
 */
const numbering = /* @__PURE__ */ once(() => {
  const days = readRetention(process.env);
  return { now: tableClock().now, createId: runtime.createId, keptMs: days && days * 86_400_000 };
});

export const eventLog = /* @__PURE__ */ once(
  (): EventLog => new DynamoEventLog(db(), readTables(process.env), numbering()),
);

/** The log for the read API. Its requests to DynamoDB appear in the X-Ray trace. */
export const tracedEventLog = /* @__PURE__ */ once(
  (): EventLog => new DynamoEventLog(traced(db()), readTables(process.env), numbering()),
);

/**
 * The rules and blocked words of the rooms. Commands are checked against both. The rules also tell whether a reader is
 * banned from a room that is not for everyone.
 */
export const roomRules = /* @__PURE__ */ once(
  (): RoomRules => new CachedRoomRules(db(), readTables(process.env), runtime.now),
);

/** The rooms, and who may read and write in each. */
export const rooms = /* @__PURE__ */ once(() => readRooms(process.env));

export const readRoomPorts = /* @__PURE__ */ once(() => ({ rooms: rooms(), rules: roomRules }));

export const reports = /* @__PURE__ */ once((): Reports => new DynamoReports(db(), readTables(process.env).stateTable));

export const connections = /* @__PURE__ */ once((): Connections => {
  const { stateTable, maxConnectionsPerPerson } = readConnectionSettings(process.env);
  return new DynamoConnections(db(), stateTable, maxConnectionsPerPerson, runtime.now);
});

const limits = /* @__PURE__ */ once((): Limits & { stateTable: string } => {
  const { stateTable, rateBurst: burst, ratePerSecond: perSecond } = readRate(process.env);
  return { stateTable, ...limitsOf({ burst, perSecond }) };
});

/**
 * @param prefix keeps the keys of this limit apart from those of other limits. A prefix ends with `#`, which occurs in
 *   no actor id. A person's limit and an address's limit may share a prefix, because the key of an address starts with
 *   `ip:`.
 */
function limiter(name: keyof Limits, prefix = ''): ChargingRateLimiter {
  const { stateTable, [name]: bucket } = limits();
  return new DynamoRateLimiter(db(), stateTable, bucket, runtime.now, prefix);
}

/** Limits the commands of one person. */
export const rateLimiter = /* @__PURE__ */ once(() => limiter('commands'));

/** Limits the reports of one person. */
export const reportLimiter = /* @__PURE__ */ once(() => limiter('reports', 'REPORT#'));

/** Limits the messages of everyone in a room. */
export const roomLimiter = /* @__PURE__ */ once(() => limiter('room', 'ROOM#'));

/** Limits new connections. */
export const dialLimits = /* @__PURE__ */ once(() => ({
  person: limiter('dials', 'DIAL#'),
  address: limiter('addressDials', 'DIAL#'),
}));

/** Limits HTTP requests that read a room. */
export const readLimits = /* @__PURE__ */ once(() => ({
  person: limiter('reads', 'READ#'),
  address: limiter('address', 'READ#'),
}));

export const admission = /* @__PURE__ */ once((): Admission => {
  const { stateTable, frames } = limits();
  return new DynamoAdmission(db(), stateTable, frames, runtime.now);
});

/** Closing is rare, so the SDK's client for it is loaded when the first connection is closed. */
const closer = /* @__PURE__ */ once(async () => {
  const { ConnectionCloser } = await import('./gateway/close-connection.ts');
  return new ConnectionCloser({ ...aws(), endpoint: readGateway(process.env).connectionsEndpoint });
});

/** @param last the frame to send before closing */
export async function close(connectionId: string, last?: ServerFrame): Promise<void> {
  await (await closer()).close(connectionId, last);
}

export const tokenVerifier = /* @__PURE__ */ once((): TokenVerifier => {
  const expected = readIdentity(process.env);
  return new JwtVerifier(expected, new IssuerKeys(expected.issuer, fetch, runtime.now), runtime.now);
});

/** The ports of every HTTP handler that reads a room. */
export const queryPorts = {
  originSecrets,
  verifier: tokenVerifier,
  policy: access,
  limits: readLimits,
  telemetry,
  runtime,
};

/** The ports of a frame's handler. A handler that appends an event needs more ports: {@link commandPorts}. */
export const framePorts = { admission, close, dialLimits, telemetry, runtime };

/** The ports of the handler of a command, a frame that appends an event. */
// No spread: a bundler cannot prove that a spread has no effect, and would keep every adapter in every bundle.
export const commandPorts = {
  admission,
  close,
  dialLimits,
  telemetry,
  runtime,
  rateLimiter,
  roomLimiter,
  eventLog,
  roomRules,
  rooms,
  messageLimits,
};

/**
 * Returns region and credentials from the environment. Lambda sets them on AWS, local/settings.ts on the local stack.
 */
function aws() {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  return { region: AWS_REGION, credentials };
}

export const gateway = /* @__PURE__ */ once(
  (): Gateway =>
    new ManagementApiGateway({
      ...aws(),
      ...runtime,
      endpoint: readGateway(process.env).connectionsEndpoint,
      concurrency: CONCURRENCY,
      onThrottled: () => telemetry.count('Throttled'),
    }),
);

/** The ports for posting frames. fanOut, the workers of large rooms and the redrive use them. */
export const postPorts = /* @__PURE__ */ once(() => ({
  connections: connections(),
  gateway: gateway(),
  now: runtime.now,
  startTimer: runtime.startTimer,
  concurrency: CONCURRENCY,
}));

function largeRooms(): { largeRooms?: LargeRooms } {
  if (!process.env.DELIVER_FUNCTION) return {};
  const { deliverFunction, lambdaEndpoint, largeRoom: threshold, postsPerSecond } = readLargeRooms(process.env);
  const workers = new LambdaWorkers(lambdaEndpoint, deliverFunction, aws(), runtime.now);
  return { largeRooms: { workers, threshold, postsPerSecond } };
}

const isRoomForEveryone = (room: string) => isForEveryone(rooms(), room);

/** The last count of the connections in each room. */
export const people = /* @__PURE__ */ once((): People => new RoomPeople(db(), readTables(process.env).stateTable));

export const fanOutPorts = /* @__PURE__ */ once(
  (): SequenceAndFanOutPorts => ({
    ...postPorts(),
    ...largeRooms(),
    log: eventLog(),
    people: people(),
    isForEveryone: isRoomForEveryone,
  }),
);

/** Parking is rare, so the SDK's client for it is loaded when events are first parked. */
const queue = /* @__PURE__ */ once(async () => {
  const { SqsParking } = await import('./sqs/sqs-parking.ts');
  return new SqsParking({ ...aws(), url: readParking(process.env).parkingQueue });
});

const parking: Parking = { park: async (parked, delaySeconds) => (await queue()).park(parked, delaySeconds) };

export const serveOrParkPorts = /* @__PURE__ */ once((): ServeOrParkPorts => {
  const { random, sleep } = runtime;
  return { ...fanOutPorts(), parking, troubled: new Map(), random, sleep };
});

export const redrivePorts = /* @__PURE__ */ once(
  (): Omit<RedrivePorts, 'serve'> => ({ log: eventLog(), parking, random: runtime.random, isRejection }),
);

/**
 * The ports with which the function `redrive` numbers and delivers parked events. They contain no workers: `redrive`
 * posts to every connection itself. A reader that it does not reach in time sees a gap and fetches the events.
 */
export const redriveServePorts = /* @__PURE__ */ once(
  (): SequenceAndFanOutPorts => ({ ...postPorts(), log: eventLog(), isForEveryone: isRoomForEveryone }),
);

/** The ports of `npm run moderate`. */
export const moderationPorts = /* @__PURE__ */ once(() => {
  const words = new DynamoWords(db(), readTables(process.env).stateTable);
  return { log: eventLog(), rules: roomRules(), reports: reports(), words, runtime };
});

/**
 * Maximum number of attempts at one request of `npm run erase`. It is high, because this command may take its time. The
 * SDK waits up to 20 s between attempts, so one request takes at most about four minutes.
 */
const PATIENT_ATTEMPTS = 16;

/** The ports of `npm run erase`. */
export const erasePorts = /* @__PURE__ */ once((): ErasePorts => {
  const tables = readTables(process.env);
  const patient = documentClient(tableClock(), PATIENT_ATTEMPTS);
  const log = new DynamoEventLog(patient, tables, numbering());
  return { ...runtime, log, items: new DynamoStoredItems(patient, tables) };
});

/**
 * Yields the events that have no number, for `npm run redrive`. Each call reads the whole log again. If an item is not
 * an event, prints why and skips it.
 */
export const unnumbered = () =>
  unnumberedEvents(db(), readTables(process.env).eventsTable, (reason) => console.warn(`Skipped, no event: ${reason}`));

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
