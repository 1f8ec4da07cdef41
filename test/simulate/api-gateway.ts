import type { Random } from '../faults/random.ts';
import { Interventions } from './interventions.ts';
import type { Lambda } from './lambda.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';

/**
 * Quotas of API Gateway's WebSocket APIs: lifetime and idle time-out of a connection, and time-out of an integration
 * (API Gateway Developer Guide, "Quotas for configuring and running a WebSocket API").
 */
const LIFE_MS = 2 * 3_600_000;
const IDLE_MS = 10 * 60_000;
const INTEGRATION_MS = 29_000;
/** Share of `$disconnect` events that arrive. API Gateway's Developer Guide calls their delivery best effort. */
const DISCONNECT_TOLD = 0.9;

/** Callbacks of the client at the other end of a connection. */
export interface Peer {
  opened: () => void;
  received: (data: string) => void;
  closed: () => void;
}

interface Connection {
  id: string;
  peer: Peer;
  open: boolean;
  /** When the connection was opened or the last frame passed in either direction, virtual ms since 1970. */
  usedAt: number;
}

export interface Post {
  connectionId: string;
  body: string;
}

/** The HTTP status of an answer; `no answer` if none came. */
export type Status = number | 'no answer';

const ROUTES: ReadonlySet<string> = new Set([
  ...['sendMessage', 'deleteMessage', 'banPerson', 'unbanPerson', 'changeRoom'],
  ...['ping', 'authenticate'],
]);

/** API Gateway's WebSocket API: connections with limited lifetimes, routes to functions, and `@connections`. */
export class ApiGateway {
  readonly posts = new Interventions<Post, Status>();
  readonly #connections = new Map<string, Connection>();
  readonly #lambda: Lambda;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #trace: Trace;
  #made = 0;

  constructor(lambda: Lambda, time: VirtualTime, random: Random, trace: Trace) {
    this.#lambda = lambda;
    this.#time = time;
    this.#random = random;
    this.#trace = trace;
  }

  /** The ids of the open connections. */
  get open(): string[] {
    return [...this.#connections.keys()];
  }

  /** Begins a handshake. @returns functions to call when a frame of the client arrives, and when the client leaves */
  connect(url: URL, protocols: readonly string[], peer: Peer): { receive: (data: string) => void; left: () => void } {
    const connection: Connection = { id: `c${++this.#made}=`, peer, open: false, usedAt: this.#time.now() };
    let left = false;
    const event = {
      requestContext: this.#context(connection, 'CONNECT', '$connect'),
      headers: { 'Sec-WebSocket-Protocol': protocols.join(', '), Origin: 'https://page.example' },
      queryStringParameters: Object.fromEntries(url.searchParams),
    };
    const accept = async () => {
      const answer = await this.#lambda.invoke('connect', event).catch(() => ({ statusCode: 502 }));
      if ((answer as { statusCode: number }).statusCode !== 200) return peer.closed();
      this.#trace.add('gateway', `${connection.id} open`);
      connection.open = true;
      connection.usedAt = this.#time.now();
      this.#connections.set(connection.id, connection);
      // If the client left during the handshake, API Gateway finds out only now.
      if (left) return this.#end(connection);
      peer.opened();
      this.#time.after(LIFE_MS, () => this.close(connection.id));
      this.#endIdle(connection);
    };
    void accept();
    return {
      receive: (data) => {
        if (connection.open) void this.#route(connection, data);
      },
      left: () => {
        left = true;
        this.#end(connection);
      },
    };
  }

  /** Answers `POST @connections/<id>`. */
  post(post: Post): Promise<Status> {
    return this.posts.run(post, async ({ connectionId, body }) => {
      await this.#time.sleep(this.#random.between(2, 12));
      const connection = this.#connections.get(connectionId);
      this.#trace.add('post', `${connectionId} ${connection ? 200 : 410} ${body}`);
      if (!connection) return 410;
      connection.usedAt = this.#time.now();
      connection.peer.received(body);
      await this.#time.sleep(this.#random.between(1, 5));
      return 200;
    });
  }

  /** Closes a connection, for `DELETE @connections/<id>` or because its time is over. */
  close(connectionId: string): void {
    const connection = this.#connections.get(connectionId);
    if (!connection) return;
    this.#end(connection);
    connection.peer.closed();
  }

  async #route(connection: Connection, body: string): Promise<void> {
    connection.usedAt = this.#time.now();
    const action = actionOf(body);
    const name = action !== undefined && ROUTES.has(action) ? action : 'default';
    const event = { requestContext: this.#context(connection, 'MESSAGE', name), body, isBase64Encoded: false };
    this.#trace.add('frame', `${connection.id} ${body}`);
    const late = { statusCode: 200, body: this.#failed(connection) };
    const answer = (await Promise.race([
      this.#lambda.invoke(name, event).catch(() => late),
      this.#time.sleep(INTEGRATION_MS).then(() => late),
    ])) as { body?: string };
    if (!connection.open || answer.body === undefined) return;
    this.#trace.add('answer', `${connection.id} ${answer.body}`);
    connection.usedAt = this.#time.now();
    connection.peer.received(answer.body);
  }

  /** Returns the answer that API Gateway itself gives if an integration fails. */
  #failed({ id }: Connection): string {
    return JSON.stringify({ message: 'Internal server error', connectionId: id, requestId: id });
  }

  #endIdle(connection: Connection): void {
    const left = connection.usedAt + IDLE_MS - this.#time.now();
    if (!connection.open) return;
    if (left <= 0) this.close(connection.id);
    else this.#time.after(left, () => this.#endIdle(connection));
  }

  #end(connection: Connection): void {
    if (!connection.open) return;
    connection.open = false;
    this.#connections.delete(connection.id);
    this.#trace.add('gateway', `${connection.id} closed`);
    if (!this.#random.chance(DISCONNECT_TOLD)) return;
    const event = { requestContext: this.#context(connection, 'DISCONNECT', '$disconnect') };
    this.#lambda.invoke('disconnect', event).catch(() => {});
  }

  #context({ id }: Connection, eventType: string, routeKey: string) {
    return { connectionId: id, eventType, routeKey, stage: 'sim', apiId: 'sim' };
  }
}

function actionOf(body: string): string | undefined {
  try {
    const { action } = JSON.parse(body);
    return typeof action === 'string' ? action : undefined;
  } catch {
    return undefined;
  }
}
