import type { ClientFrame, Pong, ServerFrame } from '../../src/domain/schema.generated.ts';
import { fullJitter } from './backoff.ts';
import { Lifetime, type Timers } from './lifetime.ts';
import { parseFrame } from './wire.ts';

/** The part of a WebSocket used here; a browser's, Node's and the `ws` package's all fit. */
export type Socket = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose' | 'onerror' | 'send' | 'close'>;
export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

const OPEN_TIMEOUT_MS = 20_000;
const PONG_TIMEOUT_MS = 10_000;
/** The server's list of connections is eventually consistent: a message sent just after open may pass this client by. */
const SETTLE_MS = 5_000;
/** Live for so long, a connection counts as good and the next failure as the first. */
const STABLE_MS = 20_000;

export interface Target {
  url: string;
  protocols: string[];
}

interface Hooks {
  /** Where to connect to and as whom; `undefined`: not at all, until asked again. Its waits end with `life`. */
  dial: (life: Lifetime) => Promise<Target | undefined>;
  opened: () => void;
  /** There is no socket now, and no answer will come that one still owed. */
  down: () => void;
  stable: () => void;
  received: (frame: Exclude<ServerFrame, Pong>) => void;
  pong: (pong: Pong) => void;
  malformed: () => void;
  WebSocket: SocketConstructor;
  timers: Timers;
  random: () => number;
  /** Between two pings, ms. */
  heartbeatMs: number;
}

/** Keeps one socket open: dials, listens for signs of life, and dials again when there are none. */
export class Connection {
  status: 'closed' | 'waiting' | 'dialling' | 'open' = 'closed';
  /** The last attempt never got as far as an open socket. */
  failing = false;
  /** Attempts since the last good connection. */
  #attempts = 0;
  #socket: Socket | undefined;
  /** Ends with the socket it belongs to, or with the wait for the next. */
  #life: Lifetime;
  #cancelPong: (() => void) | undefined;
  #heard = false;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
    this.#life = new Lifetime(hooks.timers);
  }

  /** Opens a socket, in place of the one there may be. */
  async open(): Promise<void> {
    const life = this.#enter('dialling');
    try {
      const target = await this.#hooks.dial(life);
      if (life.over) return;
      if (!target) return this.close();
      const cancelTimeout = life.after(OPEN_TIMEOUT_MS, () => this.redial());
      const socket = new this.#hooks.WebSocket(target.url, target.protocols);
      this.#socket = socket;
      socket.onopen = () => {
        cancelTimeout();
        this.#opened(life);
      };
      socket.onmessage = ({ data }) => this.#received(data);
      socket.onclose = () => this.redial();
    } catch {
      // The constructor throws where a CSP or mixed content forbids it; dialling where it needs a network there is not.
      if (!life.over) this.redial();
    }
  }

  close(): void {
    this.#enter('closed').end();
    this.failing = false;
  }

  /** What there was is good for nothing any more: another socket, after a wait that grows with every failure. */
  redial(): void {
    this.failing = this.status !== 'open';
    const delay = fullJitter(this.#attempts++, this.#hooks.random);
    this.#enter('waiting').after(delay, () => void this.open());
  }

  /** Something changed that may help, or may have cut the line: find out now. */
  wake(): void {
    if (this.status === 'open') this.ping();
    else if (this.status === 'waiting') void this.open();
  }

  /** @returns false where there is no open socket */
  send(frame: ClientFrame): boolean {
    if (this.status !== 'open') return false;
    try {
      this.#socket?.send(JSON.stringify(frame));
    } catch {
      return false;
    }
    return true;
  }

  ping(): void {
    if (this.#cancelPong || !this.send({ action: 'ping' })) return;
    this.#heard = false;
    this.#cancelPong = this.#life.after(PONG_TIMEOUT_MS, () => {
      this.#cancelPong = undefined;
      // Anything at all came in: the line is fine and only the answer is missing.
      if (this.#heard) this.ping();
      else this.redial();
    });
  }

  #opened(life: Lifetime): void {
    this.status = 'open';
    this.failing = false;
    const beat = () => {
      life.after(this.#hooks.heartbeatMs, beat);
      this.ping();
    };
    beat();
    life.after(SETTLE_MS, () => this.ping());
    life.after(STABLE_MS, () => {
      this.#attempts = 0;
      this.#hooks.stable();
    });
    this.#hooks.opened();
  }

  #received(data: unknown): void {
    this.#heard = true;
    const frame = parseFrame(data);
    if (!frame) {
      this.#hooks.malformed();
    } else if (frame.type === 'pong') {
      this.#cancelPong?.();
      this.#cancelPong = undefined;
      this.#hooks.pong(frame);
    } else {
      this.#hooks.received(frame);
    }
  }

  /** Leaves whatever was before with nothing running. */
  #enter(status: 'closed' | 'waiting' | 'dialling'): Lifetime {
    this.#life.end();
    const life = new Lifetime(this.#hooks.timers);
    this.#life = life;
    this.#cancelPong = undefined;
    this.status = status;
    if (this.#socket) closeQuietly(this.#socket);
    this.#socket = undefined;
    this.#hooks.down();
    return life;
  }
}

/** A socket that was given up must neither act nor throw any more, whatever becomes of it. */
function closeQuietly(socket: Socket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  // Stays: the `ws` package throws where an abandoned handshake fails and nobody listens.
  socket.onerror = () => {};
  try {
    socket.close();
  } catch {}
}
