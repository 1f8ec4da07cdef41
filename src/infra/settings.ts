import { isLoopbackPattern } from '../domain/admission/origins.ts';
import type { Access, Rooms } from '../domain/admission/rooms.ts';
import { rolesOf } from '../domain/admission/rooms.ts';

/**
 * The configuration: environment variables, read and checked once. Their names are the same locally and in
 * serverless.yml. They are read in groups, so that a function needs only the variables that it uses. The
 * command `npm run check:aws` checks that each function's environment has exactly the variables that its bundle reads.
 */
type Environment = Readonly<Record<string, string | undefined>>;
type Read<T> = (variables: Variables) => T;

const eventsTable: Read<string> = (v) => v.text('EVENTS_TABLE');
/**
 * Number of days for which messages are kept; undefined if they are kept for good. It is at least 2, because a client
 * may resend a message within a day, and the message must then still be in the log.
 */
const retentionDays: Read<number | undefined> = (v) => {
  const parse = (value: string) => (/^\d{1,5}$/.test(value) && Number(value) >= 2 ? Number(value) : undefined);
  return v.text('RETENTION_DAYS', '') ? v.parsed('RETENTION_DAYS', parse, 'a number of days, at least 2') : undefined;
};
const stateTable: Read<string> = (v) => v.text('STATE_TABLE');
/** HTTP(S) endpoint of the `@connections` API, without a trailing slash. */
const connectionsEndpoint: Read<string> = (v) => v.url('CONNECTIONS_ENDPOINT', /^https?:/)?.replace(/\/$/, '');
const webSocketUrl: Read<string> = (v) => v.url('WEBSOCKET_URL', /^wss?:/);
/** The issuer's name. It is compared with `iss` exactly (RFC 9068, section 4), including a trailing slash. */
const issuer: Read<string> = (v) => v.url('ISSUER', /^https?:/);
const audience: Read<string> = (v) => v.text('AUDIENCE');
const clientId: Read<string> = (v) => v.text('CLIENT_ID');
/**
 * Scopes of a sign-in. `openid` is required, because without it there is no ID token. The `nonce` of the ID token shows
 * that the authorization code belongs to this sign-in.
 */
const scope: Read<string> = (v) =>
  v.parsed('SCOPE', parseScope, 'scopes separated by spaces, `openid` among them', 'openid profile offline_access');
/** Name of the access token's claim that holds the display name. */
const nameClaim: Read<string> = (v) => v.text('NAME_CLAIM', 'name');
/** The access token's claim that holds a person's roles: the claim's name, or a dotted path to it. */
const roleClaim: Read<string> = (v) => v.text('ROLE_CLAIM', 'roles');
/** Roles that make somebody a moderator. A person's roles are in the claim that ROLE_CLAIM names. */
const moderators: Read<readonly string[]> = (v) => listOf(v.text('MODERATORS', ''));
/**
 * Origins that people's pictures may load from. The default is the issuer's origin if that is `https:` with a public
 * name, otherwise none.
 */
const pictureOrigins: Read<readonly string[]> = (v) =>
  v.parsed(
    'PICTURE_ORIGINS',
    parsePictureOrigins,
    'origins such as https://pictures.example.org, separated by commas, each https: and a public name',
    publicOrigin(v.peek('ISSUER')) ?? '',
  );
/** A scope that every token must have; undefined if no scope is required. */
const requiredScope: Read<string | undefined> = (v) => v.text('REQUIRED_SCOPE', '') || undefined;
/**
 * Origins whose pages may connect. An entry is an exact origin, `*` for any origin, or a loopback origin with any port,
 * such as `http://localhost:*`.
 */
const allowedOrigins: Read<readonly string[]> = (v) =>
  v.parsed('ALLOWED_ORIGINS', parseOrigins, '`*` or origins such as https://example.org, separated by commas');
/** Secrets by which the APIs recognise requests of the CloudFront distribution; none if there is no distribution. */
const originSecrets: Read<readonly string[]> = (v) => listOf(v.text('ORIGIN_SECRETS', ''));
/**
 * Exact addresses of pages to which a sign-in may redirect without asking the person first. Usually it needs no
 * redirect, because the sign-in window answers its opener. It redirects if the browser blocked the window, or if the
 * window has no opener.
 */
const returnPages: Read<readonly string[]> = (v) =>
  v.parsed(
    'RETURN_PAGES',
    parseReturnPages,
    'addresses such as https://example.org/blog/, separated by commas, each https: or on this machine, without a fragment',
    '',
  );
/** The rooms, and who may read and write in each. The room `smoke` always exists, for `npm run smoke`. */
const rooms: Read<Rooms> = (v) =>
  v.parsed(
    'ROOMS',
    parseRooms,
    'rooms such as lobby,news=everyone/moderator,staff=moderator, each name=readers/writers; readers are everyone, ' +
      'signed-in or a role, writers signed-in or a role',
    'lobby',
  );
const guests: Read<boolean> = (v) => v.parsed('GUESTS', parseBoolean, 'true or false', 'false');
const rateBurst: Read<number> = (v) => v.integer('RATE_BURST', 10, 1, 1_000_000);
const ratePerSecond: Read<number> = (v) => v.number('RATE_PER_SECOND', 1, 0.01, 1_000_000);
const maxConnectionsPerPerson: Read<number> = (v) => v.integer('MAX_CONNECTIONS_PER_PERSON', 20, 1, 100_000);
const maxTextGraphemes: Read<number> = (v) => v.integer('MAX_TEXT_GRAPHEMES', 500, 1, 2_048);
/** Name of the Lambda that delivers to a part of a large room's connections. */
const deliverFunction: Read<string> = (v) => v.text('DELIVER_FUNCTION');
const lambdaEndpoint: Read<string> = (v) => v.url('LAMBDA_ENDPOINT', /^https?:/);
/** URL of the queue of events that could not be numbered or delivered yet. */
const parkingQueue: Read<string> = (v) => v.url('PARKING_QUEUE', /^https?:/);
/**
 * A room with more connections than this is large. Several workers post to it, because one function alone cannot post
 * as fast as the account's quota allows.
 */
const largeRoom: Read<number> = (v) => v.integer('LARGE_ROOM', 5_000, 1, 1_000_000);
/** The part of the account's 10,000 API Gateway requests/s that the workers of a large room may use together. */
const postsPerSecond: Read<number> = (v) => v.integer('POSTS_PER_SECOND', 9_000, 1, 1_000_000);
const pageSizeMax: Read<number> = (v) => v.integer('PAGE_SIZE_MAX', 100, 1, 500);

export const readTables = (env: Environment) => read(env, { eventsTable, stateTable });
export const readRetention = (env: Environment) => read(env, { retentionDays }).retentionDays;
export const readConnectionSettings = (env: Environment) => read(env, { stateTable, maxConnectionsPerPerson });
export const readRate = (env: Environment) => read(env, { stateTable, rateBurst, ratePerSecond });
export const readIdentity = (env: Environment) => {
  const { rooms: all, ...identity } = read(env, {
    ...{ issuer, audience, nameClaim, requiredScope, roleClaim, moderators, pictureOrigins },
    rooms,
  });
  return { ...identity, roomRoles: rolesOf(all) };
};
export const readRooms = (env: Environment) => read(env, { rooms }).rooms;
export const readAccess = (env: Environment) => read(env, { guests, allowedOrigins });
export const readOriginSecrets = (env: Environment) => read(env, { originSecrets });
export const readMessageLimits = (env: Environment) => read(env, { maxTextGraphemes });
export const readPageLimits = (env: Environment) => read(env, { pageSizeMax });
export const readGateway = (env: Environment) => read(env, { connectionsEndpoint });
export const readParking = (env: Environment) => read(env, { parkingQueue });
export const readLargeRooms = (env: Environment) =>
  read(env, { deliverFunction, lambdaEndpoint, largeRoom, postsPerSecond });
/** Settings that widgets receive. */
export const readPublic = (env: Environment) =>
  read(env, {
    ...{ webSocketUrl, issuer, audience, clientId, scope, nameClaim, guests, pictureOrigins },
    ...{ allowedOrigins, returnPages },
    ...{ maxTextGraphemes, pageSizeMax },
  });
/** Variables that an operator sets. The values of all others follow from the deployment. */
export const readParameters = (env: Environment) =>
  read(env, {
    ...{ issuer, audience, clientId, scope, nameClaim, requiredScope, allowedOrigins, guests, returnPages },
    ...{ roleClaim, moderators, pictureOrigins, rooms },
    ...{ rateBurst, ratePerSecond, maxConnectionsPerPerson, maxTextGraphemes, pageSizeMax, retentionDays },
    ...{ largeRoom, postsPerSecond },
  });

/** @throws Error that names every variable that is missing or wrong, in one message */
function read<T extends Record<string, Read<unknown>>>(env: Environment, settings: T) {
  const variables = new Variables(env);
  const values = Object.entries(settings).map(([name, parse]) => [name, parse(variables)]);
  if (variables.problems.length > 0) throw new Error(`Wrong configuration: ${variables.problems.join('; ')}.`);
  return Object.fromEntries(values) as { [Name in keyof T]: ReturnType<T[Name]> };
}

/** Reads variables and collects their errors. An empty variable counts as not set. */
class Variables {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  parsed<T>(name: string, parse: (value: string) => T | undefined, wanted: string, fallback?: string): T {
    const value = this.#env[name] || fallback;
    const parsed = value === undefined ? undefined : parse(value);
    if (parsed === undefined)
      this.problems.push(`${name} must be ${wanted}${value === undefined ? '' : `, not "${value}"`}`);
    return parsed as T;
  }

  /** Returns a variable unchecked, to derive the default of another variable from it. */
  peek(name: string): string {
    return this.#env[name] ?? '';
  }

  text(name: string, fallback?: string): string {
    return this.parsed(name, (value) => value, 'set', fallback);
  }

  url(name: string, protocols: RegExp): string {
    const parse = (value: string) => (URL.canParse(value) && protocols.test(value) ? value : undefined);
    return this.parsed(name, parse, `a ${protocols.source.slice(1)} URL`);
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    return this.#number(name, /^\d+$/, 'an integer', fallback, min, max);
  }

  number(name: string, fallback: number, min: number, max: number): number {
    return this.#number(name, /^\d+(\.\d+)?$/, 'a number', fallback, min, max);
  }

  #number(name: string, spelling: RegExp, kind: string, fallback: number, min: number, max: number): number {
    const isInRange = (value: string) => spelling.test(value) && Number(value) >= min && Number(value) <= max;
    const parse = (value: string) => (isInRange(value) ? Number(value) : undefined);
    return this.parsed(name, parse, `${kind} from ${min} to ${max}`, String(fallback));
  }
}

function parseBoolean(value: string): boolean | undefined {
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function listOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

/** An entry of ROOMS: `name`, `name=readers` or `name=readers/writers`. `*` names every room that is not listed. */
const ROOM = /^(\*|[a-z0-9][a-z0-9_-]{0,63})(?:=([^/=]+)(?:\/([^/=]+))?)?$/;

function parseRooms(value: string): Rooms | undefined {
  const rooms = new Map<string, Access>([['smoke', { read: 'signed-in', write: 'signed-in' }]]);
  for (const item of listOf(value)) {
    const [, name, read = 'everyone', write = read === 'everyone' ? 'signed-in' : read] = ROOM.exec(item) ?? [];
    if (name === undefined || write === 'everyone') return undefined;
    rooms.set(name, { read, write });
  }
  return rooms;
}

function parseScope(value: string): string | undefined {
  return value.split(' ').includes('openid') ? value : undefined;
}

function parseReturnPages(value: string): readonly string[] | undefined {
  const pages = listOf(value);
  return pages.every(isReturnPage) ? pages : undefined;
}

/**
 * Whether a page's address is `https:` or on this machine, has no fragment, and is spelt as browsers spell it. The
 * spelling matters because the address is compared with a browser's.
 */
function isReturnPage(page: string): boolean {
  const { href, protocol, hostname } = URL.parse(page) ?? {};
  const safe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname!));
  return safe && href === page && !page.includes('#');
}

function parseOrigins(value: string): readonly string[] | undefined {
  const origins = listOf(value);
  const valid = origins.every(
    (origin) =>
      origin === '*' || isLoopbackPattern(origin) || (!origin.includes('*') && URL.parse(origin)?.origin === origin),
  );
  return valid && origins.length > 0 ? origins : undefined;
}

function parsePictureOrigins(value: string): readonly string[] | undefined {
  const origins = listOf(value);
  return origins.every((origin) => publicOrigin(origin) === origin) ? origins : undefined;
}

/** Names that are local to a machine or a network (RFC 6761, RFC 6762, RFC 8375; ICANN has reserved `internal`). */
const LOCAL = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * Returns the origin of an https: URL with a public host name; undefined for any other URL. IP addresses are refused,
 * because a private address would make a reader's browser send requests into the reader's own network.
 */
function publicOrigin(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, origin } = new URL(url);
  return protocol === 'https:' && /\.[a-z][a-z0-9-]*$/.test(hostname) && !LOCAL.test(hostname) ? origin : undefined;
}
