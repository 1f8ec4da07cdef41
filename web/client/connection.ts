import type { ClientFrame, Pong, ServerFrame } from '../../src/domain/schema.generated.ts';
import { dialWait } from './backoff.ts';
import { Lifetime, type Timers } from './lifetime.ts';
import { parseFrame } from './wire.ts';

/**
 * The members of a WebSocket that are used here. The WebSockets of browsers, Node and the `ws` package have them all.
 */
export type Socket = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose' | 'onerror' | 'send' | 'close'>;
export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

const OPEN_TIMEOUT_MS = 20_000;
const PONG_TIMEOUT_MS = 10_000;
/**
 * Time after opening at which the client pings once more, ms. The server's list of connections is eventually
 * consistent, so the new connection can miss the first events. The pong shows whether events are missing.
 */
const SETTLE_MS = 5_000;
/** Maximum time from the last `events` frame to the next ping, ms. The pong shows whether a later frame was lost. */
const QUIET_MS = 25_000;
/**
 * All clients of a room get an `events` frame at the same time. So that they do not all ping at the same time, each
 * shortens `QUIET_MS` by a random time: up to `least` plus `perPerson` for each connection of the room, but never more
 * than `most`, ms.
 */
const QUIET_SPREAD_MS = { least: 2_000, perPerson: 2, most: 20_000 };
/** Once a socket has been open for this time, ms, `attempts` is set to 0. */
const STABLE_MS = 20_000;

export interface Target {
  url: string;
  protocols: string[];
  /** The token among `protocols`; undefined for a guest. */
  token: string | undefined;
}

/** State of one open socket. Each socket gets an object of its own. */
export interface OpenLink {
  readonly status: 'open';
  /** The token that the server has accepted for this socket; undefined for a guest. */
  token: string | undefined;
  /** A newer token that was sent to the server and is not confirmed yet. */
  offered: string | undefined;
  /**
   * `opened`: no pong has come yet. `head-known`: a pong has told the room's head, the number of its newest event.
   * `complete`: since then, the feed has reached the head at least once.
   */
  progress: 'opened' | 'head-known' | 'complete';
  /** Whether the last check found no network (option `online` of ShoutClient), and no pong has come since. */
  networkLost: boolean;
  /** Whether something was received since the last ping. */
  heard: boolean;
}

export type Link =
  | { readonly status: 'closed' }
  /** Closed until the page is used again. */
  | { readonly status: 'resting' }
  /**
   * `failing`: whether the last attempt to connect failed. It is false for a client that waits because it is not
   * allowed to read the room.
   */
  | { readonly status: 'waiting' | 'dialling'; readonly failing: boolean }
  | OpenLink;

interface Hooks {
  /**
   * Gets the address and the token to connect with. Stops waiting for them when `life` ends.
   *
   * @returns `undefined` to stay closed until `open` is called again
   */
  dial: (life: Lifetime) => Promise<Target | undefined>;
  opened: () => void;
  /** Called whenever the connection enters a state without an open socket. No more answers to sent frames will come. */
  down: () => void;
  stable: () => void;
  received: (frame: Exclude<ServerFrame, Pong>) => void;
  /** @param asked whether the client awaited a pong. If not, the server probably sent this pong to the whole room. */
  pong: (pong: Pong, asked: boolean) => void;
  malformed: () => void;
  WebSocket: SocketConstructor;
  timers: Timers;
  random: () => number;
  now: () => number;
  /** Maximum time between two pings, ms. */
  heartbeatMs: number;
}

/** Keeps one socket open: connects, pings, and reconnects with backoff if the socket closes or falls silent. */
export class Connection {
  link: Link = { status: 'closed' };
  /** Number of calls of `redial` since a socket last stayed open for `STABLE_MS`. */
  attempts = 0;
  /** How many connections the room has, according to the server's last count; 0 before the first count. */
  people = 0;
  #dialledAt = 0;
  #socket: Socket | undefined;
  /**
   * The timers and waits that end when {@link link} changes. Only the step from `dialling` to `open` keeps them,
   * because both states belong to one attempt.
   */
  #life: Lifetime;
  #cancelPong: (() => void) | undefined;
  /** Cancels the next regular ping. */
  #cancelHeartbeat: (() => void) | undefined;
  /** Cancels the ping that is due if no more `events` frames come. */
  #cancelQuiet: (() => void) | undefined;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
    this.#life = new Lifetime(hooks.timers);
  }

  get failing(): boolean {
    return 'failing' in this.link && this.link.failing;
  }

  get openLink(): OpenLink | undefined {
    return this.link.status === 'open' ? this.link : undefined;
  }

  /** Drops the current socket, if any, and connects. */
  async open(): Promise<void> {
    const life = this.#enter({ status: 'dialling', failing: this.failing });
    this.#dialledAt = this.#hooks.now();
    try {
      const target = await this.#hooks.dial(life);
      if (life.over) return;
      if (!target) return this.close();
      const cancelTimeout = life.after(OPEN_TIMEOUT_MS, () => this.redial());
      const socket = new this.#hooks.WebSocket(target.url, target.protocols);
      this.#socket = socket;
      socket.onopen = () => {
        cancelTimeout();
        this.#opened(life, target.token);
      };
      socket.onmessage = ({ data }) => this.#received(data);
      // For a connection that a Content Security Policy forbids, Chromium fires `error` but no `close`.
      socket.onclose = socket.onerror = () => this.redial();
    } catch {
      // `dial` has rejected, for example because there is no network. Or the constructor of the socket has thrown, for
      // example because a Content Security Policy or the rule on mixed content forbids the connection.
      if (!life.over) this.redial();
    }
  }

  close(): void {
    this.#enter({ status: 'closed' }).end();
  }

  /** Closes the socket until `open` is called. */
  rest(): void {
    this.#enter({ status: 'resting' });
  }

  /** Drops the socket and reconnects with backoff. */
  redial(): void {
    const failing = this.link.status !== 'open';
    const { random, now } = this.#hooks;
    const sinceDial = failing ? now() - this.#dialledAt : undefined;
    this.wait(dialWait(this.attempts++, this.people, random, sinceDial), failing);
  }

  /** Drops the socket and connects again after `ms`. */
  wait(ms: number, failing = false): void {
    this.#enter({ status: 'waiting', failing }).after(ms, () => void this.open());
  }

  /**
   * Pings over an open socket, or connects now instead of waiting for the next attempt. Called when the network has
   * changed, when the page is shown or hidden, or when the person asks to retry.
   */
  wake(): void {
    if (this.link.status === 'open') this.ping();
    else if (this.link.status === 'waiting') void this.open();
  }

  /** @returns false if the frame was certainly not sent, for example because no socket is open */
  send(frame: ClientFrame): boolean {
    if (this.link.status !== 'open') return false;
    try {
      this.#socket?.send(JSON.stringify(frame));
    } catch {
      return false;
    }
    return true;
  }

  /** Asks for a pong, unless one is awaited already. Reconnects if no frame of any kind is received in time. */
  ping(): void {
    const { link } = this;
    if (link.status !== 'open') return;
    this.#cancelQuiet?.();
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = this.#life.after(this.#hooks.heartbeatMs, () => this.ping());
    if (this.#cancelPong || !this.send({ action: 'ping' })) return;
    link.heard = false;
    this.#cancelPong = this.#life.after(PONG_TIMEOUT_MS, () => {
      this.#cancelPong = undefined;
      // If other frames have come in, the socket works and only the pong is missing.
      if (link.heard) this.ping();
      else this.redial();
    });
  }

  #opened(life: Lifetime, token: string | undefined): void {
    this.link = {
      status: 'open',
      token,
      offered: undefined,
      progress: 'opened',
      networkLost: false,
      heard: false,
    };
    this.ping();
    life.after(SETTLE_MS, () => this.ping());
    life.after(STABLE_MS, () => {
      this.attempts = 0;
      this.#hooks.stable();
    });
    this.#hooks.opened();
  }

  #received(data: unknown): void {
    const { link } = this;
    if (link.status !== 'open') return;
    link.heard = true;
    const frame = parseFrame(data);
    if (!frame) {
      this.#hooks.malformed();
    } else if (frame.type === 'pong') {
      const asked = this.#cancelPong !== undefined;
      this.#cancelPong?.();
      this.#cancelPong = undefined;
      if (link.progress === 'opened') link.progress = 'head-known';
      link.networkLost = false;
      this.people = frame.people ?? this.people;
      this.#hooks.pong(frame, asked);
    } else {
      if (frame.type === 'events') {
        this.people = frame.people ?? this.people;
        this.#pingWhenQuiet();
      }
      this.#hooks.received(frame);
    }
  }

  #pingWhenQuiet(): void {
    const { least, perPerson, most } = QUIET_SPREAD_MS;
    const spread = Math.min(most, least + this.people * perPerson);
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#life.after(QUIET_MS - this.#hooks.random() * spread, () => this.ping());
  }

  /**
   * Enters a state without an open socket. Drops the current socket, and ends all timers and waits of the previous
   * state.
   * @returns the lifetime of the new state
   */
  #enter(link: Link): Lifetime {
    this.#life.end();
    const life = new Lifetime(this.#hooks.timers);
    this.#life = life;
    this.#cancelPong = undefined;
    this.link = link;
    if (this.#socket) closeQuietly(this.#socket);
    this.#socket = undefined;
    this.#hooks.down();
    return life;
  }
}

/** Closes a socket that is not used any more. Its events and errors are ignored from now on. */
function closeQuietly(socket: Socket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  // Not null: the `ws` package throws if an abandoned handshake fails and nobody listens for the error.
  socket.onerror = () => {};
  try {
    socket.close();
  } catch {}
}
