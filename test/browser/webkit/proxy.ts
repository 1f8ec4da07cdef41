import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The part of Playwright's `Request` that tests read. */
export interface SeenRequest {
  url(): string;
  method(): string;
  postData(): string | null;
}

/** The part of Playwright's `Response` that tests read. */
export interface SeenAnswer {
  request(): SeenRequest;
  ok(): boolean;
  status(): number;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  contentType?: string;
  body?: string;
  json?: unknown;
  response?: Fetched;
}

/** A request whose answer a test decides. */
export interface Route {
  request(): SeenRequest;
  continue(): Promise<void>;
  abort(): Promise<void>;
  fulfill(answer: Answer): Promise<void>;
  /** Passes the request on to the server, but answers nothing to the browser yet. */
  fetch(): Promise<Fetched>;
}

interface Fetched {
  text(): Promise<string>;
  json(): Promise<unknown>;
  headers(): Record<string, string>;
}

export type Handler = (route: Route) => unknown;

interface Routing {
  fits: (url: string) => boolean;
  handler: Handler;
  times: number;
}

/**
 * A proxy for the `http:` and `ws:` requests of one browser. Tests in WebKit need this proxy, because WebDriver cannot
 * intercept requests.
 */
export class TrafficProxy {
  /** Called with each request before it is routed. */
  readonly onRequest: ((request: SeenRequest) => void)[] = [];
  /** Called with each answer when it is complete. */
  readonly onAnswer: ((answer: SeenAnswer) => void)[] = [];
  /** Called with each WebSocket that a page opens. */
  readonly onWebSocket: ((socket: { url(): string }) => void)[] = [];
  readonly #server: Server;
  readonly #routings: Routing[] = [];
  readonly #open = new Set<Duplex>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#tunnel(request, socket, head));
    // A request to `http:` has an absolute address and is handled above. A request to `https:` begins with CONNECT,
    // which is refused.
    this.#server.on('connect', (_request, socket) => socket.destroy());
  }

  static async start(): Promise<TrafficProxy> {
    const proxy = new TrafficProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Adds a handler for at most `times` requests. If several handlers match a request, the one that was added last
   * decides.
   */
  route(pattern: string | RegExp, handler: Handler, times = Number.POSITIVE_INFINITY): void {
    const expression = typeof pattern === 'string' ? fromGlob(pattern) : pattern;
    this.#routings.unshift({ fits: (url) => expression.test(url), handler, times });
  }

  stop(): Promise<unknown> {
    for (const socket of this.#open) socket.destroy();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Closes each connection after one answer. On a reused connection, the browser would repeat a request that `abort`
    // cuts off.
    response.shouldKeepAlive = false;
    const body = await buffer(incoming);
    const request: SeenRequest = {
      url: () => incoming.url!,
      method: () => incoming.method!,
      postData: () => (body.length > 0 ? String(body) : null),
    };
    for (const tell of this.onRequest) tell(request);
    response.on('finish', () => {
      const { statusCode } = response;
      const answer = {
        request: () => request,
        ok: () => statusCode >= 200 && statusCode < 300,
        status: () => statusCode,
      };
      for (const tell of this.onAnswer) tell(answer);
    });
    const routing = this.#routings.find(({ fits, times }) => times > 0 && fits(incoming.url!));
    if (!routing) return forwardTo(incoming, body, response);
    routing.times -= 1;
    await routing.handler({
      request: () => request,
      fetch: async () => {
        const { host: _, 'proxy-connection': __, ...headers } = incoming.headers as Record<string, string>;
        const answer = await fetch(incoming.url!, {
          method: incoming.method!,
          headers,
          ...(body.length > 0 && { body }),
        });
        const text = await answer.text();
        return {
          text: async () => text,
          json: async () => JSON.parse(text),
          headers: () => Object.fromEntries(answer.headers),
        };
      },
      continue: async () => forwardTo(incoming, body, response),
      abort: async () => void incoming.socket.destroy(),
      fulfill: async ({ status = 200, response: given, headers = given?.headers() ?? {}, contentType, ...rest }) => {
        const { json, body: text = json === undefined ? await given?.text() : undefined } = rest;
        delete headers['content-length'];
        delete headers['content-encoding'];
        const type = contentType ?? (json === undefined ? undefined : 'application/json');
        response.writeHead(status, { ...headers, ...(type && { 'content-type': type }) });
        response.end(text ?? (json === undefined ? '' : JSON.stringify(json)));
      },
    });
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    for (const tell of this.onWebSocket) tell({ url: () => request.url!.replace(/^http/, 'ws') });
    const { hostname, port, pathname, search } = new URL(request.url!);
    const server = connect(Number(port) || 80, hostname);
    for (const each of [socket, server]) {
      this.#open.add(each);
      each.on('error', () => {});
      each.on('close', () => {
        this.#open.delete(each);
        socket.destroy();
        server.destroy();
      });
    }
    const headers = request.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
    server.write(`${[`GET ${pathname}${search} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
    server.write(head);
    server.pipe(socket).pipe(server);
  }
}

function forwardTo({ url, method, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { 'proxy-connection': _, ...rest } = headers;
  const onward = forward(url!, { method: method!, headers: rest, agent: false }, (answer) => {
    const { connection: __, 'keep-alive': ___, ...kept } = answer.headers;
    response.writeHead(answer.statusCode!, kept);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body);
}

/** Converts a glob pattern. As in Playwright, `**` is anything, and `*` anything but a slash. Does not know `{a,b}`. */
function fromGlob(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
