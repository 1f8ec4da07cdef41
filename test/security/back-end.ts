import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { vi } from 'vitest';
import * as commands from '../../src/domain/commands/commands.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB } from '../dynamodb.ts';
import { lambdaContext } from '../lambda-context.ts';
import { AUDIENCE, CLIENT_ID, TestIssuer } from './issuer.ts';
import { CapturedLog } from './log.ts';

/** A Lambda as API Gateway calls it. */
type Lambda = (event: unknown, context: unknown) => Promise<Answer>;
export interface Answer {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A frame from the server, with the fields that tests read. */
export interface Frame {
  type: string;
  code?: string;
  message?: string;
  id?: string;
  clientMessageId?: string;
  retryAfterMs?: number;
  expiresAt?: number;
}

interface Handshake {
  /** Address of the client that called API Gateway. */
  sourceIp?: string;
  token?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** All values of each query parameter, as API Gateway passes them for a WebSocket. */
  everyQuery?: Record<string, string[]>;
}

interface Sending {
  /**
   * Name of the handler to call, whatever the frame's `action` says. For attacks on a handler to which API Gateway
   * would not route the frame.
   */
  route?: string;
  isBase64Encoded?: boolean;
}

const SOMEWHERE = '203.0.113.1';

const load = {
  connect: () => import('../../src/handlers/connect.ts'),
  disconnect: () => import('../../src/handlers/disconnect.ts'),
  ping: () => import('../../src/handlers/ping.ts'),
  authenticate: () => import('../../src/handlers/authenticate.ts'),
  default: () => import('../../src/handlers/default.ts'),
  chatHistory: () => import('../../src/handlers/chatHistory.ts'),
  events: () => import('../../src/handlers/events.ts'),
  reports: () => import('../../src/handlers/reports.ts'),
  reportMessage: () => import('../../src/handlers/reportMessage.ts'),
  config: () => import('../../src/handlers/config.ts'),
  fanOut: () => import('../../src/handlers/fanOut.ts'),
};
type Handler = keyof typeof load;

/** Routes that API Gateway chooses by a frame's `action`. Each has a handler of the same name. */
const ROUTES = [...Object.keys(commands), 'reportMessage', 'ping', 'authenticate'];

/**
 * The real handlers on a real DynamoDB engine, called as API Gateway and the stream call them. Clients get their tokens
 * from a {@link TestIssuer}. serverless-offline is not used, because it differs from API Gateway and could hide an
 * attack. For example, it does not limit the size of frames. `npm start` does use it, and corrects such differences
 * with `local/emulator-gaps`.
 */
export class BackEnd {
  readonly issuer: TestIssuer;
  readonly log: CapturedLog;
  readonly #handlers: ReadonlyMap<string, Lambda>;
  #guests = 0;
  readonly #stopEngine: () => Promise<void>;

  private constructor(
    issuer: TestIssuer,
    log: CapturedLog,
    handlers: ReadonlyMap<string, Lambda>,
    stopEngine: () => Promise<void>,
  ) {
    this.issuer = issuer;
    this.log = log;
    this.#handlers = handlers;
    this.#stopEngine = stopEngine;
  }

  static async start(env: Record<string, string> = {}): Promise<BackEnd> {
    const [engine, issuer] = await Promise.all([startDynamoDB(), TestIssuer.start()]);
    Object.assign(process.env, {
      ISSUER: issuer.url,
      AUDIENCE,
      CLIENT_ID,
      ALLOWED_ORIGINS: 'https://example.org',
      ROOMS: '*',
      CONNECTIONS_ENDPOINT: 'http://127.0.0.1:9',
      WEBSOCKET_URL: 'ws://127.0.0.1:9',
      ...env,
    });
    // The adapters read the environment once, so they must be loaded again.
    vi.resetModules();
    const others = Object.entries(load).map(async ([name, module]) => [name, (await module()).handler] as const);
    const ofCommands = Object.keys(commands).map(
      async (name) => [name, (await import(`../../src/handlers/${name}.ts`)).handler] as const,
    );
    const handlers = new Map((await Promise.all([...others, ...ofCommands])) as [string, Lambda][]);
    return new BackEnd(issuer, new CapturedLog(), handlers, engine.stop);
  }

  async stop(): Promise<void> {
    vi.restoreAllMocks();
    await Promise.all([this.#stopEngine(), this.issuer.stop()]);
  }

  async connect({
    sourceIp = SOMEWHERE,
    token,
    headers = {},
    query,
    everyQuery,
  }: Handshake = {}): Promise<{ id: string; answer: Answer }> {
    const id = randomUUID();
    const answer = await this.invoke('connect', {
      headers: {
        Host: 'ws.example',
        'Sec-WebSocket-Version': '13',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(query ? { queryStringParameters: query } : {}),
      ...(everyQuery ? { multiValueQueryStringParameters: everyQuery } : {}),
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', connectionId: id, identity: { sourceIp } },
      isBase64Encoded: false,
    });
    return { id, answer };
  }

  /** Opens a connection. @returns its id. @throws Error if it is refused */
  async connected(handshake: Handshake): Promise<string> {
    const { id, answer } = await this.connect(handshake);
    if (answer.statusCode !== 200) throw new Error(`Not connected: ${answer.body}`);
    return id;
  }

  /** Opens a connection with a token of the person `sub`. @returns its id */
  connectedAs(sub: string, room = 'lobby'): Promise<string> {
    return this.connected({ token: this.token({ sub }), query: { room } });
  }

  /** Opens a guest's connection, from a new address unless one is given. @returns its id */
  guest(room = 'lobby', sourceIp = `2001:db8:0:${(++this.#guests).toString(16)}::1`): Promise<string> {
    return this.connected({ sourceIp, headers: { Origin: 'https://example.org' }, query: { room } });
  }

  async disconnect(connectionId: string): Promise<void> {
    await this.invoke('disconnect', { requestContext: { eventType: 'DISCONNECT', connectionId } });
  }

  /**
   * Sends a frame, or any string. If `route` is given, calls the handler of that name, otherwise the one that API
   * Gateway would choose by the frame's `action`.
   */
  async send(connectionId: string, frame: unknown, { route, isBase64Encoded = false }: Sending = {}): Promise<Frame> {
    const body = typeof frame === 'string' ? frame : JSON.stringify(frame);
    const { action, text, token } = fieldsOf(body);
    for (const secret of [text, token]) this.log.keepOut(secret);
    const handler = route ?? ROUTES.find((name) => name === action) ?? 'default';
    const answer = await this.invoke(handler, {
      requestContext: { routeKey: handler, eventType: 'MESSAGE', connectionId, messageId: randomUUID() },
      body,
      isBase64Encoded,
    });
    return JSON.parse(answer.body!);
  }

  /** Passes events of the log to fanOut, as the table's stream would. */
  async stream(...ids: (string | undefined)[]): Promise<void> {
    const items = (await this.eventsInLog()).filter(({ id }) => ids.includes(id as string));
    if (items.length !== ids.length) throw new Error('Not all of these are in the log.');
    const { batchItemFailures } = await this.invoke<DynamoDBBatchResponse>('fanOut', {
      Records: items.map((item, index) => ({
        eventName: 'INSERT',
        dynamodb: { SequenceNumber: String(index + 1), NewImage: marshall(item, { removeUndefinedValues: true }) },
      })),
    });
    if (batchItemFailures.length > 0) throw new Error('fanOut failed.');
  }

  get(
    handler: 'chatHistory' | 'events' | 'reports',
    query: Record<string, string> = {},
    headers: Record<string, string> = {},
    sourceIp = SOMEWHERE,
  ): Promise<Answer> {
    return this.invoke(handler, {
      version: '2.0',
      headers,
      ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
      requestContext: { http: { method: 'GET', sourceIp } },
      isBase64Encoded: false,
    });
  }

  /** Calls a handler. @param handler a key of `load`, or the name of a command */
  async invoke<T = Answer>(handler: Handler | (string & {}), event: unknown): Promise<T> {
    for (const token of this.issuer.signed) this.log.keepOut(token);
    return (await this.#handlers.get(handler)!(event, lambdaContext())) as T;
  }

  token(claims: Record<string, unknown> = {}): string {
    return this.issuer.token({ claims });
  }

  /** Returns every item of the log. */
  async eventsInLog(): Promise<Record<string, unknown>[]> {
    return (await documentClient().send(new ScanCommand({ TableName: EVENTS_TABLE }))).Items ?? [];
  }

  /** Returns the ids of the connections that the back end considers open. */
  async connectionIds(): Promise<string[]> {
    const { Items } = await documentClient().send(new ScanCommand({ TableName: STATE_TABLE }));
    return (Items ?? []).filter(({ pk }) => pk.startsWith('CONN#')).map(({ connectionId }) => connectionId);
  }
}

function fieldsOf(body: string): { action?: unknown; text?: unknown; token?: unknown } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return { text: body };
  }
}
