import { emptyFeed, evolve } from '../../../src/domain/feed/feed.ts';
import type {
  Actor,
  ClientFrame,
  Config,
  SendMessage,
  SequencedEvent,
  ServerFrame,
} from '../../../src/domain/schema.generated.ts';
import type { Socket, SocketConstructor } from '../connection.ts';

export const config: Config = {
  webSocketUrl: 'wss://ws.example/prod',
  issuer: 'https://issuer.example',
  clientId: 'shout-box',
  audience: 'https://shout-box.example',
  scope: 'openid',
  nameClaim: 'name',
  guests: true,
  limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
};

export const me: Actor = { id: 'me'.padEnd(22, '0'), name: 'me' };
export const alice: Actor = { id: 'alice'.padEnd(22, '0'), name: 'alice' };

/** Returns a JWT with these claims and a signature that means nothing, because the client cannot check signatures. */
export function token(claims: { sub?: string; exp?: number; nonce?: number } = {}): string {
  const payload = btoa(JSON.stringify({ iss: config.issuer, sub: 'me', ...claims }));
  return `e30.${payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.c2ln`;
}

/** A client's socket. The test and a {@link FakeRoom} act as the server at its other end. */
export class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly url: string;
  readonly protocols: string[];
  readonly sent: ClientFrame[] = [];
  closed = false;
  readonly #room: FakeRoom;

  constructor(room: FakeRoom, url: string, protocols: string[]) {
    this.#room = room;
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string): void {
    const frame = JSON.parse(data) as ClientFrame;
    this.sent.push(frame);
    queueMicrotask(() => this.#room.onFrame(frame, this));
  }

  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.#call(this.onopen, {});
  }

  /** Delivers a frame to the client, well-formed or not. */
  push(frame: unknown): void {
    this.raw(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  raw(data: unknown): void {
    if (!this.closed) this.#call(this.onmessage, { data });
  }

  /** Closes the socket, as when the server or the network is gone. */
  drop(): void {
    this.closed = true;
    this.#call(this.onclose, {});
  }

  #call(handler: unknown, event: unknown): void {
    (handler as ((event: unknown) => void) | null)?.(event);
  }
}

/** A server with one room. It follows the protocol until a test makes it fail. */
export class FakeRoom {
  epoch = 'epoch-1';
  log: SequencedEvent[] = [];
  config: Config = config;
  /** The field `people` of the frames that the room sends; undefined to leave it out. */
  people: number | undefined;
  readonly sockets: FakeSocket[] = [];
  readonly requests: URL[] = [];
  readonly authorizations: (string | null)[] = [];
  /** Number of requests that have no answer yet. */
  waiting = 0;
  /** Decides what happens to a new socket. */
  onConnect: (socket: FakeSocket) => void = (socket) => socket.accept();
  onFrame: (frame: ClientFrame, socket: FakeSocket) => void = (frame, socket) => this.answer(frame, socket);
  /** Returns an answer to a request; undefined to leave the answer to the room. */
  onRequest: (url: URL) => Response | Promise<Response> | undefined = () => undefined;
  /** Whether a message from a client goes to all sockets immediately. If false, a test delivers the message. */
  delivers = true;

  get head(): number {
    return this.log.length;
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  readonly WebSocket: SocketConstructor = ((room: FakeRoom) =>
    class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(room, url, protocols);
        room.sockets.push(this);
        queueMicrotask(() => room.onConnect(this));
      }
    })(this);

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    this.requests.push(url);
    this.authorizations.push(new Headers(init?.headers).get('authorization'));
    const abort = new Promise<never>((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
    this.waiting++;
    try {
      return await Promise.race([this.onRequest(url) ?? this.#refusal(url) ?? this.#page(url), abort]);
    } finally {
      this.waiting--;
    }
  };

  requestsTo(path: string): URL[] {
    return this.requests.filter(({ pathname }) => pathname === `/${path}`);
  }

  /** Appends an event without delivering it. */
  append(text: string, actor: Actor = alice, clientMessageId = `m${this.head + 1}`): SequencedEvent {
    const seq = this.head + 1;
    const event: SequencedEvent = {
      seq,
      id: `${actor.id}:${clientMessageId}`,
      type: 'MessagePosted',
      at: seq,
      actor,
      data: { text },
    };
    this.log.push(event);
    return event;
  }

  /** Appends n events without delivering them. */
  fill(n: number): SequencedEvent[] {
    return Array.from({ length: n }, () => this.append(`text ${this.head + 1}`));
  }

  frame(...events: SequencedEvent[]): ServerFrame {
    return { type: 'events', room: 'lobby', epoch: this.epoch, events, ...(this.people && { people: this.people }) };
  }

  /** Empties the log and begins another epoch, in which the numbers start at 1 again. */
  restart(epoch: string): void {
    this.epoch = epoch;
    this.log = [];
  }

  answer(frame: ClientFrame, socket: FakeSocket): void {
    switch (frame.action) {
      case 'ping':
        socket.push({ type: 'pong', epoch: this.epoch, head: this.head, people: this.people });
        break;
      case 'authenticate':
        socket.push({ type: 'authenticated', expiresAt: expiry(frame.token) });
        break;
      case 'sendMessage':
        this.#post(frame, socket);
        break;
      case 'deleteMessage':
        socket.push({ type: 'ack', clientMessageId: frame.clientMessageId, id: `${me.id}:${frame.clientMessageId}` });
    }
  }

  #post({ text, clientMessageId }: SendMessage, socket: FakeSocket): void {
    const id = `${me.id}:${clientMessageId}`;
    const isNew = !this.log.some((event) => event.id === id);
    const event = isNew ? this.append(text, me, clientMessageId) : undefined;
    socket.push({ type: 'ack', clientMessageId, id });
    if (event && this.delivers) for (const each of this.sockets) each.push(this.frame(event));
  }

  /** Returns a 401 for a guest, unless `config.guests` is set; undefined if the request is allowed. */
  #refusal({ pathname }: URL): Response | undefined {
    if (pathname === '/config' || this.config.guests || this.authorizations.at(-1)) return undefined;
    return Response.json({ code: 'unauthenticated', message: 'A token is needed.' }, { status: 401 });
  }

  #page(url: URL): Response {
    const limit = Number(url.searchParams.get('limit') ?? 50);
    switch (url.pathname) {
      case '/config':
        return Response.json(this.config);
      case '/events': {
        const after = Number(url.searchParams.get('after'));
        return this.#json({ events: this.log.slice(after, after + limit) });
      }
      case '/chat-history': {
        const before = Number(url.searchParams.get('before') ?? Number.POSITIVE_INFINITY);
        const { messages } = this.log.reduce(evolve, emptyFeed);
        const page = messages.filter(({ seq }) => seq < before).slice(0, limit);
        const last = page.at(-1)?.seq ?? 1;
        return this.#json({ messages: page, nextBefore: last > 1 ? last : null });
      }
      default:
        return Response.json({ code: 'invalid_message', message: 'no such page' }, { status: 404 });
    }
  }

  #json(page: object): Response {
    return Response.json({ epoch: this.head ? this.epoch : '', head: this.head, ...page });
  }
}

function expiry(jwt: string): number {
  const { exp } = JSON.parse(atob(jwt.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
  return exp * 1_000;
}
