import type { ErrorFrame, EventId, ServerFrame } from '../../src/domain/schema.generated.ts';
import { Api } from './api.ts';
import { Changes, type News } from './changes.ts';
import { Connection, type Target } from './connection.ts';
import { Credentials, samePerson } from './credentials.ts';
import { Lifetime } from './lifetime.ts';
import { defaults, type ShoutClientOptions } from './options.ts';
import type { Command, Outbox } from './outbox.ts';
import { Replica } from './replica.ts';
import type { Change, ConnectionState, Snapshot } from './snapshot.ts';

const RENEW_AGAIN_MS = 10_000;

/**
 * A room as one person sees it, kept up to date. Knows no DOM. What is posted goes out once it has been given a way to
 * {@link RoomClient.speak}, which a reader need not load; `ShoutClient` has it from the beginning.
 */
export class RoomClient {
  /** Frames and pages that made no sense and were ignored. */
  malformed = 0;
  readonly #options: Required<ShoutClientOptions>;
  readonly #api: Api;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #replica: Replica;
  #outbox: Outbox | undefined;
  /** Posted before there was a way to speak. */
  readonly #early: Command[] = [];
  readonly #changes = new Changes(() => this.snapshot);
  /** From `open` to `close`. */
  #life: Lifetime | undefined;
  #config: Snapshot['config'];
  /** Who the socket speaks for. */
  #speaksFor: string | undefined;
  /** The token the server is being shown over the live socket. */
  #shown: string | undefined;
  #ponged = false;
  /** Nothing was missing at some moment of this connection. */
  #confirmed = false;
  /** The machine says it has no network, and nothing has disproved it. */
  #unplugged = false;
  #snapshot: Snapshot | undefined;

  constructor(options: ShoutClientOptions) {
    this.#options = { ...defaults(), ...options };
    const { getToken, now, random, timers } = this.#options;
    const malformed = () => {
      this.malformed++;
    };
    this.#credentials = new Credentials(getToken, now);
    this.#api = new Api({
      ...this.#options,
      token: () => this.#credentials.token,
      unauthenticated: (token) => {
        if (this.#credentials.refuse(token)) void this.#connection.open();
      },
      malformed,
    });
    this.#connection = new Connection({
      ...this.#options,
      dial: (life) => this.#dial(life),
      opened: () => {
        this.#outbox?.flush();
        this.#changed();
      },
      down: () => this.#down(),
      stable: () => this.#credentials.accepted(),
      received: (frame) => this.#received(frame),
      pong: ({ epoch, head }) => {
        this.#ponged = true;
        this.#unplugged = false;
        this.#replica.compare(epoch, head);
        this.#changed();
      },
      malformed,
    });
    this.#replica = new Replica(this.#api, {
      timers,
      random,
      changed: ({ arrived = [], shown = [], reset }) => {
        this.#outbox?.shown(shown);
        const news = this.#changed();
        if (reset) {
          this.#outbox?.forgetSent();
          news.reset = true;
          news.arrived = [];
        }
        news.arrived.push(...arrived);
      },
    });
  }

  /** Immutable; another object after every change. */
  get snapshot(): Snapshot {
    this.#snapshot ??= {
      feed: this.#replica.feed,
      outgoing: this.#outbox?.outgoing ?? [],
      connection: this.#state(),
      config: this.#config,
      position: { epoch: this.#replica.cursor.epoch, last: this.#replica.cursor.last },
      hasOlder: this.#replica.hasOlder,
      loadingOlder: this.#replica.loadingOlder,
      rateLimitedUntil: this.#outbox?.rateLimitedUntil,
      signedIn: this.#credentials.token !== undefined,
    };
    return this.#snapshot;
  }

  /** Calls `listener` soon, and once, for all that changes in one go. @returns a function that ends it */
  subscribe(listener: (change: Change) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Gives it a way to speak. Idempotent. */
  speak(Way: typeof Outbox): void {
    if (this.#outbox) return;
    const { now, random } = this.#options;
    this.#outbox = new Way({
      now,
      random,
      send: (command) => this.#speaksFor !== undefined && this.#connection.send(command),
      changed: () => this.#changed(),
      doubt: () => this.#connection.ping(),
      refused: (target, error) => {
        this.#changed().refused = { target, error };
      },
    });
    if (this.#life) this.#outbox.open(this.#life);
    for (const command of this.#early.splice(0)) this.#outbox.add(command);
  }

  /** Idempotent. After `close` it goes on where it was. */
  open(): void {
    if (this.#life) return;
    this.#life = new Lifetime(this.#options.timers);
    this.#outbox?.open(this.#life);
    void this.#connection.open();
    this.#changed();
  }

  /** Idempotent. Nothing runs or waits afterwards; what was not sent yet is kept for the next `open`. */
  close(): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#connection.close();
    this.#replica.close();
    this.#outbox?.close();
    life.end();
    this.#changed();
  }

  /** Sends as soon as possible, and shows at once. @returns the clientMessageId to retry or discard it by */
  post(text: string): string {
    const clientMessageId = this.#options.createId();
    this.#command({ action: 'sendMessage', text, clientMessageId });
    return clientMessageId;
  }

  /** Sends a failed message again: the same one, so that it cannot appear twice. */
  retry(clientMessageId: string): void {
    this.#outbox?.retry(clientMessageId);
  }

  /** Gives up on a message. One that has reached the server already still appears. */
  discard(clientMessageId: string): void {
    this.#outbox?.discard(clientMessageId);
  }

  /** Deletes a message of one's own; a refusal is told as `refused`. */
  delete(target: EventId): void {
    this.#command({ action: 'deleteMessage', target, clientMessageId: this.#options.createId() });
  }

  #command(command: Command): void {
    if (this.#outbox) this.#outbox.add(command);
    else this.#early.push(command);
  }

  /** Loads one more page of history. Always resolves; `hasOlder` tells whether there is more, or again, to load. */
  loadOlder(): Promise<void> {
    return this.#replica.loadOlder();
  }

  /** The network came or went, or the page is looked at again: find out now where things stand. */
  wake(): void {
    if (!this.#life) return;
    this.#unplugged = this.#connection.status === 'open' && !this.#options.online();
    if (this.#credentials.overdue) void this.#renew();
    this.#connection.wake();
    this.#changed();
  }

  /** Somebody signed in or out: asks `getToken` and tells the server, over the live socket where that can be. */
  refreshToken(): Promise<void> {
    this.#credentials.accepted();
    return this.#renew();
  }

  async #dial(life: Lifetime): Promise<Target | undefined> {
    const token = await this.#credentials.acquire(life);
    // An address that does not answer any more may have moved.
    if (!this.#config || this.#connection.failing) {
      this.#config = await this.#api.config(life).catch((error) => {
        if (this.#config) return this.#config;
        throw error;
      });
    }
    if (life.over) return undefined;
    const { guests, limits, webSocketUrl } = this.#config;
    const { pageSize } = this.#options;
    this.#api.pageSize = pageSize >= 1 ? Math.min(Math.floor(pageSize), limits.pageSize) : undefined;
    this.#api.fillSize = limits.pageSize;
    this.#speaksFor = token;
    this.#changed();
    if (!token && !guests) {
      this.#replica.close();
      return undefined;
    }
    this.#schedule();
    this.#replica.open();
    if (this.#connection.failing) this.#replica.poll();
    const url = new URL(webSocketUrl);
    url.searchParams.set('room', this.#options.room);
    return { url: url.href, protocols: ['shout-box.v1', ...(token ? [`bearer.${token}`] : [])] };
  }

  #down(): void {
    this.#speaksFor = this.#shown = undefined;
    this.#ponged = this.#confirmed = this.#unplugged = false;
    this.#outbox?.interrupt();
    this.#changed();
  }

  #received(frame: Exclude<ServerFrame, { type: 'pong' }>): void {
    switch (frame.type) {
      case 'events':
        if (frame.room === this.#options.room) this.#replica.receive(frame.epoch, frame.events);
        break;
      case 'ack':
        this.#credentials.accepted();
        this.#outbox?.ack(frame);
        break;
      case 'authenticated':
        this.#speaksFor = this.#shown ?? this.#speaksFor;
        this.#shown = undefined;
        this.#credentials.accepted();
        this.#schedule(frame.expiresAt);
        this.#outbox?.flush();
        break;
      case 'error':
        this.#failed(frame);
    }
  }

  #failed(frame: ErrorFrame): void {
    if (frame.code === 'unauthenticated') {
      this.#credentials.refuse(this.#speaksFor);
      this.#connection.redial();
    } else if (this.#shown && frame.code === 'forbidden' && frame.clientMessageId === undefined) {
      // This socket belongs to somebody else; another one can begin with the token.
      void this.#connection.open();
    } else {
      this.#outbox?.fail(frame);
    }
  }

  #schedule(expiresAt?: number): void {
    // Without a socket there is nothing to tell; the next one starts with a token that is good then.
    const renew = () => this.#connection.status === 'open' && void this.#renew();
    if (this.#life) this.#credentials.schedule(this.#life, renew, expiresAt);
  }

  async #renew(): Promise<void> {
    const life = this.#life;
    if (!life) return;
    let token: string | undefined;
    try {
      token = await this.#credentials.acquire(life);
    } catch {
      life.after(RENEW_AGAIN_MS, () => void this.#renew());
      return;
    }
    if (life.over) return;
    this.#changed();
    this.#schedule();
    const before = this.#speaksFor;
    if (this.#connection.status !== 'open') void this.#connection.open();
    else if (token && (before === undefined || samePerson(before, token))) this.#show(life, token);
    // A socket cannot change hands.
    else if (token !== before) void this.#connection.open();
  }

  #show(life: Lifetime, token: string): void {
    if (token === this.#speaksFor || token === this.#shown) return;
    this.#shown = token;
    this.#connection.send({ action: 'authenticate', token });
    life.after(RENEW_AGAIN_MS, () => {
      if (this.#shown !== token) return;
      this.#shown = undefined;
      void this.#renew();
    });
  }

  #state(): ConnectionState {
    const { status, failing } = this.#connection;
    if (!this.#life) return 'closed';
    if (status === 'closed') return 'signed-out';
    if (failing || this.#replica.failing || this.#unplugged) return 'offline';
    if (status !== 'open') return 'connecting';
    this.#confirmed ||= this.#ponged && !this.#replica.behind;
    return this.#confirmed && !this.#replica.catchingUp ? 'live' : 'catching-up';
  }

  #changed(): News {
    this.#snapshot = undefined;
    return this.#changes.add();
  }
}
