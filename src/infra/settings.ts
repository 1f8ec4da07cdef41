/** The configuration of one Lambda: environment variables, read and checked once. The names are the same locally and in serverless.yml. */
export interface Settings {
  eventsTable: string;
  stateTable: string;
  /** HTTPS endpoint of the `@connections` API, without a trailing slash. */
  connectionsEndpoint: string;
  webSocketUrl: string;
  issuer: string;
  audience: string;
  clientId: string;
  scope: string;
  /** Claim of the access token that carries the display name. */
  nameClaim: string;
  /** A scope that every token must carry; none where empty. */
  requiredScope: string | undefined;
  /** Exact origins, or `*`. */
  allowedOrigins: readonly string[];
  guests: boolean;
  rateBurst: number;
  ratePerSecond: number;
  maxConnectionsPerPerson: number;
  maxTextGraphemes: number;
  pageSizeMax: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error that names every variable that is missing or wrong, in one message */
export function readSettings(env: Environment): Settings {
  const problems: string[] = [];
  const read = <T>(
    name: string,
    fallback: string | undefined,
    parse: (value: string) => T | undefined,
    wanted: string,
  ): T => {
    const value = env[name] || fallback;
    const parsed = value === undefined ? undefined : parse(value);
    if (parsed === undefined)
      problems.push(`${name} must be ${wanted}${value === undefined ? '' : `, not "${value}"`}`);
    return parsed as T;
  };
  const text = (name: string, fallback?: string) => read(name, fallback, (value) => value, 'set');
  const url = (name: string, protocols: RegExp) =>
    read(
      name,
      undefined,
      (value) => (URL.canParse(value) && protocols.test(value) ? value : undefined),
      `a ${protocols.source.slice(1)} URL`,
    );
  const number = (name: string, fallback: number, min: number, max: number) =>
    read(
      name,
      String(fallback),
      (value) => (Number(value) >= min && Number(value) <= max ? Number(value) : undefined),
      `a number from ${min} to ${max}`,
    );
  const settings: Settings = {
    eventsTable: text('EVENTS_TABLE'),
    stateTable: text('STATE_TABLE'),
    connectionsEndpoint: url('CONNECTIONS_ENDPOINT', /^https?:/)?.replace(/\/$/, ''),
    webSocketUrl: url('WEBSOCKET_URL', /^wss?:/),
    // Compared with `iss` exactly (RFC 9068, section 4): a trailing slash is part of the name.
    issuer: url('ISSUER', /^https?:/),
    audience: text('AUDIENCE'),
    clientId: text('CLIENT_ID'),
    scope: text('SCOPE', 'openid profile offline_access'),
    nameClaim: text('NAME_CLAIM', 'name'),
    requiredScope: env.REQUIRED_SCOPE || undefined,
    allowedOrigins: read(
      'ALLOWED_ORIGINS',
      undefined,
      parseOrigins,
      '`*` or origins such as https://example.org, separated by commas',
    ),
    guests: read('GUESTS', 'false', parseBoolean, 'true or false'),
    rateBurst: number('RATE_BURST', 10, 1, 1_000_000),
    ratePerSecond: number('RATE_PER_SECOND', 1, 0.01, 1_000_000),
    maxConnectionsPerPerson: number('MAX_CONNECTIONS_PER_PERSON', 20, 1, 100_000),
    maxTextGraphemes: number('MAX_TEXT_GRAPHEMES', 500, 1, 2_048),
    pageSizeMax: number('PAGE_SIZE_MAX', 100, 1, 500),
  };
  if (problems.length > 0) throw new Error(`Wrong configuration: ${problems.join('; ')}.`);
  return settings;
}

function parseBoolean(value: string): boolean | undefined {
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function parseOrigins(value: string): readonly string[] | undefined {
  const origins = value
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);
  const valid = origins.every(
    (origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin),
  );
  return valid && origins.length > 0 ? origins : undefined;
}
