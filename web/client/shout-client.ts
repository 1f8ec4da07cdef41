import type { ErrorFrame, EventId, ServerFrame } from '../../src/domain/schema.generated.ts';
import { Api } from './api.ts';
import { Changes, type News } from './changes.ts';
import { Connection, type OpenLink, type Target } from './connection.ts';
import { Credentials, samePerson } from './credentials.ts';
import { Lifetime } from './lifetime.ts';
import { defaults, type ShoutClientOptions } from './options.ts';
import type { Outbox } from './outbox.ts';
import { Part } from './part.ts';
import { Replica } from './replica.ts';
import type { Change, Command, ConnectionState, IdentifiedCommand, Outgoing, Sending, Snapshot } from './snapshot.ts';

export type { GetToken } from './credentials.ts';
export type { ShoutClientOptions } from './options.ts';
export type { Change, Command, ConnectionState, Failure, Outgoing, Snapshot } from './snapshot.ts';

const RENEW_AGAIN_MS = 10_000;

const outboxPart = new Part(() => import('./outbox.ts'));

/**
 * A room as one person sees it, kept up to date, and their way to write to it. Knows no DOM.
 *
 * ```ts
 * const client = new ShoutClient({ server: 'https://…', getToken });
 * client.subscribe(({ snapshot }) => render(snapshot));
 * client.open();
 * client.post('hi');
 * ```
 */
export class ShoutClient {
  /** Frames and pages that could not be understood and were ignored. */
  malformed = 0;
  readonly #options: Required<ShoutClientOptions>;
  readonly #api: Api;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #replica: Replica;
  readonly #sending: Sending = { entries: [], inFlight: undefined, rateLimitedUntil: undefined };
  /** Loaded by `prepare`. */
  #outbox: Outbox | undefined;
  readonly #changes = new Changes(() => this.snapshot);
  /** From `open` to `close`. */
  #life: Lifetime | undefined;
  #config: Snapshot['config'];
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
      down: () => {
        this.#outbox?.interrupt();
        this.#changed();
      },
      stable: () => this.#credentials.accepted(),
      received: (frame) => this.#received(frame),
      pong: ({ epoch, head }) => {
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
    const { feed, cursor, nextBefore, loadingOlder } = this.#replica.state;
    this.#snapshot ??= {
      feed,
      outgoing: this.#sending.entries.flatMap(({ command, at, state, error }): Outgoing | [] => {
        if (command.action !== 'sendMessage') return [];
        const { clientMessageId, text } = command;
        return { clientMessageId, text, at, state, ...(error && { error }) };
      }),
      connection: this.#state(),
      config: this.#config,
      position: { epoch: cursor.epoch, last: cursor.last },
      hasOlder: nextBefore !== null,
      loadingOlder,
      rateLimitedUntil: this.#sending.rateLimitedUntil,
      signedIn: this.#credentials.token !== undefined,
    };
    return this.#snapshot;
  }

  /**
   * Calls `listener` soon after a change, once for all that changed together.
   *
   * @returns a function that unsubscribes
   */
  subscribe(listener: (change: Change) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Connects. Idempotent. After `close` it continues where it was. */
  open(): void {
    if (this.#life) return;
    this.#life = new Lifetime(this.#options.timers);
    this.#outbox?.open(this.#life);
    void this.#connection.open();
    this.#changed();
  }

  /** Disconnects, with no timer or request left. Idempotent. What was not sent yet is kept for the next `open`. */
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

  /**
   * Loads the code that sends. The first command does this by itself; call it earlier so that the first one is not late.
   *
   * @throws where the code cannot be loaded
   */
  async prepare(): Promise<void> {
    const { Outbox } = await outboxPart.load();
    if (this.#outbox) return;
    const { now, random } = this.#options;
    this.#outbox = new Outbox(this.#sending, {
      now,
      random,
      // A guest's socket may not send.
      send: (command) => this.#openLink?.token !== undefined && this.#connection.send(command),
      changed: () => this.#changed(),
      checkConnection: () => this.#connection.ping(),
      refused: (command, error) => {
        this.#changed().refused = { command, error };
      },
    });
    if (this.#life) this.#outbox.open(this.#life);
    this.#outbox.flush();
  }

  /**
   * Sends a command as soon as possible, until the server accepts or refuses it.
   *
   * @returns the clientMessageId
   */
  send(command: Command): string {
    const clientMessageId = this.#options.createId();
    this.#sending.entries.push({
      command: { ...command, clientMessageId } as IdentifiedCommand,
      at: this.#options.now(),
      state: 'sending',
      attempts: 0,
    });
    this.#changed();
    this.#withOutbox((outbox) => outbox.flush());
    return clientMessageId;
  }

  /** Posts a message, which shows in `outgoing` at once. @returns the clientMessageId to retry or discard it by */
  post(text: string): string {
    return this.send({ action: 'sendMessage', text });
  }

  /** Deletes one of the user's own messages. A refusal is told as `refused`. */
  delete(target: EventId): void {
    this.send({ action: 'deleteMessage', target });
  }

  /** Sends a failed message again, under the same id, so that it cannot appear twice. */
  retry(clientMessageId: string): void {
    this.#withOutbox((outbox) => outbox.retry(clientMessageId));
  }

  /** Drops a message. If it has reached the server, it still appears. */
  discard(clientMessageId: string): void {
    this.#withOutbox((outbox) => outbox.discard(clientMessageId));
  }

  /** Loads one more page of history. Always resolves; `hasOlder` says whether there is more, or again, to load. */
  loadOlder(): Promise<void> {
    return this.#replica.loadOlder();
  }

  /** Checks the connection now. Called when the network came or went, or when the page is looked at again. */
  wake(): void {
    if (!this.#life) return;
    if (this.#openLink) this.#openLink.networkLost = !this.#options.online();
    if (this.#credentials.overdue) void this.#renew();
    this.#connection.wake();
    this.#changed();
  }

  /** Asks `getToken` again after a sign-in or sign-out, and tells the server, over the open socket where possible. */
  refreshToken(): Promise<void> {
    this.#credentials.accepted();
    return this.#renew();
  }

  get #openLink(): OpenLink | undefined {
    const { link } = this.#connection;
    return link.status === 'open' ? link : undefined;
  }

  #withOutbox(use: (outbox: Outbox) => void): void {
    if (this.#outbox) use(this.#outbox);
    else
      this.prepare().then(
        () => use(this.#outbox!),
        () => this.#cannotSend(),
      );
  }

  /** Without the code that sends, messages count as failed, so that the person can try again, and other commands as refused. */
  #cannotSend(): void {
    const error = { code: 'unavailable', message: 'The code that sends could not be loaded.' } as const;
    const news = this.#changed();
    this.#sending.entries = this.#sending.entries.filter((entry) => {
      Object.assign(entry, { state: 'failed', error });
      if (entry.command.action === 'sendMessage') return true;
      news.refused = { command: entry.command, error };
      return false;
    });
  }

  async #dial(life: Lifetime): Promise<Target | undefined> {
    const token = await this.#credentials.acquire(life);
    // The server may have moved if the address does not answer any more.
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
    return { url: url.href, protocols: ['shout-box.v1', ...(token ? [`bearer.${token}`] : [])], token };
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
        this.#authenticated(frame.expiresAt);
        break;
      case 'error':
        this.#failed(frame);
    }
  }

  #authenticated(expiresAt: number): void {
    const link = this.#openLink;
    if (link?.offered) link.token = link.offered;
    if (link) link.offered = undefined;
    this.#credentials.accepted();
    this.#schedule(expiresAt);
    this.#outbox?.flush();
  }

  #failed(frame: ErrorFrame): void {
    const link = this.#openLink;
    if (frame.code === 'unauthenticated') {
      this.#credentials.refuse(link?.token);
      this.#connection.redial();
    } else if (link?.offered && frame.code === 'forbidden' && frame.clientMessageId === undefined) {
      // The server takes this socket for another person's. A new one can start with the new token.
      void this.#connection.open();
    } else {
      this.#outbox?.fail(frame);
    }
  }

  #schedule(expiresAt?: number): void {
    // Without an open socket there is nobody to tell: the next one starts with a fresh token.
    const renew = () => this.#openLink && void this.#renew();
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
    const link = this.#openLink;
    if (!link) void this.#connection.open();
    else if (token && (!link.token || samePerson(link.token, token))) this.#offer(life, link, token);
    // A socket belongs to one person, so another person needs another socket.
    else if (token !== link.token) void this.#connection.open();
  }

  /** Shows the server a newer token over the open socket. */
  #offer(life: Lifetime, link: OpenLink, token: string): void {
    if (token === link.token || token === link.offered) return;
    link.offered = token;
    this.#connection.send({ action: 'authenticate', token });
    life.after(RENEW_AGAIN_MS, () => {
      if (link !== this.#openLink || link.offered !== token) return;
      link.offered = undefined;
      void this.#renew();
    });
  }

  #state(): ConnectionState {
    if (!this.#life) return 'closed';
    const { link } = this.#connection;
    switch (link.status) {
      case 'closed':
        return 'signed-out';
      case 'open':
        if (this.#replica.state.failing || link.networkLost) return 'offline';
        return link.wasComplete && !this.#replica.catchingUp ? 'live' : 'catching-up';
      default:
        return link.failing || this.#replica.state.failing ? 'offline' : 'connecting';
    }
  }

  #changed(): News {
    const link = this.#openLink;
    if (link) link.wasComplete ||= link.headKnown && !this.#replica.behind;
    this.#snapshot = undefined;
    return this.#changes.add();
  }
}
