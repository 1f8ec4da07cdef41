import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock, StartTimer, Timer } from '../../domain/ports/clock.ts';
import { type Answer, readAnswer } from './http-answer.ts';

export interface PoolOptions {
  /** Maximum number of sockets. Each has at most one request in flight. */
  sockets: number;
  /** Time-out, ms. It runs for connecting, and then anew for sending a request and receiving its whole answer. */
  timeoutMs: number;
  /** Maximum idle time of a socket that is used again, ms. The server may close a socket that is idle for longer. */
  idleMs?: number;
  now: Clock;
  startTimer: StartTimer;
}

export interface HttpRequest {
  method: 'POST';
  path: string;
  /** All headers except `content-length`, which the pool adds. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/**
 * The status code of the answer. `no answer`: the connection failed or was closed, the time ran out, or the answer was
 * too large or not HTTP. `aborted`: the caller gave up. In these two cases the request may have arrived or not.
 */
export type Status = number | 'no answer' | 'aborted';

/** A request that waits for a socket or for its answer. */
interface Exchange {
  bytes: Buffer;
  resolve: (status: Status) => void;
  signal: AbortSignal;
  /**
   * Whether to send the request once more if its socket closes before any answer. False on a new socket. The server may
   * have closed a reused socket while the socket was idle.
   */
  resend: boolean;
}

/** A socket, and the request whose answer it waits for, if any. */
interface Line {
  socket: Socket;
  exchange: Exchange | undefined;
  received: Buffer | undefined;
  deadline: Timer | undefined;
  idleSince: number;
}

/** Answers of `@connections` have a few hundred bytes. An answer above this maximum must come from another server. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * An HTTP/1.1 client for one origin that sends many small requests over keep-alive sockets and returns the status of
 * each. It takes about half the CPU of undici and needs no package (docs/performance.md, `fanout`).
 *
 * If an idle socket turns out to be closed, the request is sent once more on a new socket (RFC 9112, section 9.3.1) and
 * may arrive twice. A repeated frame is harmless, because clients recognise its events by their numbers.
 */
export class KeepAlivePool {
  readonly #origin: URL;
  readonly #options: Required<PoolOptions>;
  readonly #idle: Line[] = [];
  readonly #waiting: Exchange[] = [];
  readonly #busy = new Set<Line>();
  #open = 0;
  #session: Buffer | undefined;
  /**
   * Signals that have a listener. Many requests share one signal, and a listener for each request would cost as much as
   * its post.
   */
  readonly #heard = new WeakSet<AbortSignal>();

  constructor(origin: URL, options: PoolOptions) {
    this.#origin = origin;
    this.#options = { idleMs: 30_000, ...options };
  }

  /** Sends a request. Never throws. */
  request(request: HttpRequest, signal: AbortSignal): Promise<Status> {
    if (signal.aborted) return Promise.resolve('aborted');
    this.#hear(signal);
    return new Promise((resolve) => this.#dispatch({ bytes: serialize(request), resolve, signal, resend: true }));
  }

  #hear(signal: AbortSignal): void {
    if (this.#heard.has(signal)) return;
    this.#heard.add(signal);
    signal.addEventListener('abort', () => this.#abort(signal), { once: true });
  }

  /** Ends all requests of a signal. Closes the sockets on which such a request waits for its answer. */
  #abort(signal: AbortSignal): void {
    const waiting = this.#waiting.splice(0);
    for (const exchange of waiting) {
      if (exchange.signal === signal) exchange.resolve('aborted');
      else this.#waiting.push(exchange);
    }
    for (const line of this.#busy) if (line.exchange?.signal === signal) expire(line);
  }

  #dispatch(exchange: Exchange): void {
    const line = this.#takeIdle();
    if (line) this.#send(line, exchange);
    else if (this.#open < this.#options.sockets) this.#sendAnew(exchange);
    else this.#waiting.push(exchange);
  }

  #sendAnew(exchange: Exchange): void {
    exchange.resend = false;
    this.#send(this.#connect(), exchange);
  }

  /** Takes the socket that was used last, because it is the most likely to be open. */
  #takeIdle(): Line | undefined {
    for (let line = this.#idle.pop(); line; line = this.#idle.pop()) {
      if (this.#options.now() - line.idleSince <= this.#options.idleMs) return line;
      line.socket.destroy();
    }
    return undefined;
  }

  #connect(): Line {
    const { protocol, hostname, port } = this.#origin;
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket =
      protocol === 'https:'
        ? connectTls({ host, port: Number(port) || 443, session: this.#session, ALPNProtocols: ['http/1.1'] })
        : connectTcp({ host, port: Number(port) || 80 });
    const line: Line = {
      socket,
      exchange: undefined,
      received: undefined,
      deadline: undefined,
      idleSince: 0,
    };
    this.#open++;
    socket.setNoDelay(true);
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => line.deadline?.refresh());
    // Keeps the TLS session for new sockets to resume, because in a quiet room each message opens new sockets.
    socket.on('session', (session: Buffer) => {
      this.#session = session;
    });
    socket.on('data', (chunk) => this.#receive(line, chunk));
    socket.on('error', () => undefined);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => this.#closed(line));
    return line;
  }

  #send(line: Line, exchange: Exchange): void {
    line.exchange = exchange;
    this.#busy.add(line);
    line.deadline = this.#options.startTimer(this.#options.timeoutMs, () => expire(line));
    line.socket.ref();
    line.socket.write(exchange.bytes);
  }

  #receive(line: Line, chunk: Buffer): void {
    // Bytes without a request mean that the server is closing the socket, or is not the expected server.
    if (!line.exchange) {
      line.socket.destroy();
      return;
    }
    line.received = line.received ? Buffer.concat([line.received, chunk]) : chunk;
    const answer = readAnswer(line.received);
    if (typeof answer !== 'string') this.#finish(line, answer);
    else if (answer === 'malformed' || line.received.length > MAX_ANSWER_BYTES) line.socket.destroy();
  }

  #finish(line: Line, { status, reusable }: Answer): void {
    const { resolve } = line.exchange!;
    line.deadline?.close();
    line.exchange = undefined;
    line.received = undefined;
    this.#busy.delete(line);
    if (!reusable) line.socket.destroy();
    else {
      const next = this.#waiting.shift();
      if (next) this.#send(line, next);
      else {
        line.idleSince = this.#options.now();
        line.socket.unref();
        this.#idle.push(line);
      }
    }
    resolve(status);
  }

  #closed(line: Line): void {
    this.#open--;
    line.deadline?.close();
    this.#busy.delete(line);
    const index = this.#idle.indexOf(line);
    if (index !== -1) this.#idle.splice(index, 1);
    const { exchange, received } = line;
    if (exchange?.resend && received === undefined) this.#sendAnew(exchange);
    else exchange?.resolve(exchange.signal.aborted ? 'aborted' : 'no answer');
    const next = this.#open < this.#options.sockets ? this.#waiting.shift() : undefined;
    if (next) this.#dispatch(next);
  }
}

function expire(line: Line): void {
  if (line.exchange) line.exchange.resend = false;
  line.socket.destroy();
}

function serialize({ method, path, headers, body }: HttpRequest): Buffer {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  head += `content-length: ${body.length}\r\n\r\n`;
  // Head and body go out in one write, so a small request is one TLS record and one packet.
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 'latin1');
  bytes.set(body, head.length);
  return bytes;
}
