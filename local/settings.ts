import { isIP } from 'node:net';
import { resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export interface LocalSettings {
  /** Directory of all data, such as the database, the issuer's key, checkpoints and logs. */
  dataDir: string;
  ports: { http: number; ws: number; web: number; issuer: number; dynamodb: number; lambda?: number };
  /**
   * IP address that the servers for HTTP, WebSockets, pages and sign-in listen on. It is loopback by default; a
   * container needs another address.
   */
  bind: string;
  /** The DynamoDB to use. `ours` is true for the local engine, and false if DYNAMODB_ENDPOINT names another one. */
  dynamodb: { endpoint: string; ours: boolean };
  /** The issuer to use. `ours` is true for the local provider, and false if ISSUER names another one. */
  issuer: { url: string; ours: boolean };
  http: string;
  ws: string;
  web: string;
  /**
   * Another origin of the server for pages: the same port under another host name. A page of this origin embeds the
   * built widget.
   */
  otherOrigin: string;
  /** Origins whose pages sign people in without asking for consent. */
  allowedOrigins: readonly string[];
  /**
   * Origins whose pages may connect and sign people in. Without ALLOWED_ORIGINS, they include every port of this
   * machine.
   */
  connectingOrigins: readonly string[];
  audience: string;
  clientId: string;
  nameClaim: string;
  roleClaim: string;
  tokenSeconds: number;
  /** Whether the terminal shows everything that the parts of the stack print, instead of errors only. */
  verbose: boolean;
}

/**
 * Patterns for the origins on any port of this machine. A sign-in on a page of such an origin asks for consent first,
 * unless `allowedOrigins` has the exact origin.
 */
const ANY_PORT = ['http://localhost:*', 'http://127.0.0.1:*'];

/**
 * Reads the settings from the environment.
 * @throws Error with a message of one sentence if a value is not valid
 */
export function readLocalSettings(env: Environment): LocalSettings {
  const ports = {
    http: port(env, 'SHOUT_HTTP_PORT', 3000),
    ws: port(env, 'SHOUT_WS_PORT', 3001),
    web: port(env, 'SHOUT_WEB_PORT', 5173),
    issuer: port(env, 'SHOUT_ISSUER_PORT', 4000),
    dynamodb: port(env, 'SHOUT_DYNAMODB_PORT', 8000),
    // Without SHOUT_LAMBDA_PORT, local/start.ts chooses a free port.
    ...(env.SHOUT_LAMBDA_PORT && { lambda: port(env, 'SHOUT_LAMBDA_PORT', 0) }),
  };
  const web = `http://localhost:${ports.web}`;
  const otherOrigin = `http://127.0.0.1:${ports.web}`;
  const ours = [web, otherOrigin];
  const listed = env.ALLOWED_ORIGINS ? env.ALLOWED_ORIGINS.split(',') : undefined;
  return {
    dataDir: resolve(env.SHOUT_DATA_DIR || '.shout-box'),
    ports,
    bind: bindAddress(env),
    dynamodb: { endpoint: env.DYNAMODB_ENDPOINT || `http://127.0.0.1:${ports.dynamodb}`, ours: !env.DYNAMODB_ENDPOINT },
    issuer: { url: env.ISSUER || `http://localhost:${ports.issuer}`, ours: !env.ISSUER },
    http: `http://localhost:${ports.http}`,
    ws: `ws://localhost:${ports.ws}`,
    web,
    otherOrigin,
    allowedOrigins: listed ?? ours,
    connectingOrigins: listed ?? [...ours, ...ANY_PORT],
    audience: env.AUDIENCE || 'https://shout-box.example',
    clientId: env.CLIENT_ID || 'shout-box',
    nameClaim: env.NAME_CLAIM || 'name',
    roleClaim: env.ROLE_CLAIM || 'roles',
    tokenSeconds: wholeNumber(env, 'SHOUT_TOKEN_TTL', 3600, 1, 86_400),
    verbose: Boolean(env.SHOUT_VERBOSE),
  };
}

/** Returns the redirect URIs to register: the widget's callback page on both origins. */
export function redirectUris({ web, otherOrigin }: Pick<LocalSettings, 'web' | 'otherOrigin'>): [string, ...string[]] {
  return [`${web}/callback.html`, `${otherOrigin}/callback.html`];
}

/**
 * Returns the environment that `serverless.yml` and the handlers read. Values that the developer has set take
 * precedence, except AWS credentials ({@link placeholder}).
 */
export function backEndEnvironment(settings: LocalSettings, env: Environment): Record<string, string> {
  const defaults = {
    ISSUER: settings.issuer.url,
    AUDIENCE: settings.audience,
    CLIENT_ID: settings.clientId,
    NAME_CLAIM: settings.nameClaim,
    ROLE_CLAIM: settings.roleClaim,
    MODERATORS: 'moderator',
    // Allows every room, so that any can be tried out.
    ROOMS: '*',
    ALLOWED_ORIGINS: settings.connectingOrigins.join(),
    GUESTS: 'true',
    // Empty, because there is no CloudFront distribution on one machine.
    ORIGIN_SECRETS: '',
    SHOUT_DATA_DIR: settings.dataDir,
    DYNAMODB_ENDPOINT: settings.dynamodb.endpoint,
    CONNECTIONS_ENDPOINT: `http://127.0.0.1:${settings.ports.ws}`,
    WEBSOCKET_URL: settings.ws,
    AWS_REGION: 'eu-central-1',
    // Without this, X-Ray's SDK logs a stack trace for every call outside a Lambda.
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  };
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_SESSION_TOKEN, ...rest } = env;
  const set = Object.entries(isAws(settings.dynamodb.endpoint) ? env : { ...rest, ...placeholder }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return { ...defaults, ...Object.fromEntries(set) };
}

/**
 * Credentials for an emulator, which accepts any. The developer's own credentials are passed on only if the tables are
 * on AWS.
 */
const placeholder = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

function isAws(endpoint: string): boolean {
  return /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/.test(new URL(endpoint).hostname);
}

/** @throws Error if SHOUT_BIND is set, but not an IP address. A host name is refused, as it may have many addresses. */
function bindAddress({ SHOUT_BIND }: Environment): string {
  if (!SHOUT_BIND) return '127.0.0.1';
  if (isIP(SHOUT_BIND)) return SHOUT_BIND;
  throw new Error(`SHOUT_BIND must be an IP address, such as 0.0.0.0, not "${SHOUT_BIND}".`);
}

function port(env: Environment, name: string, fallback: number): number {
  return wholeNumber(env, name, fallback, 1, 65_535);
}

function wholeNumber(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const value = Number(env[name] || fallback);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${env[name]}".`);
  }
  return value;
}
