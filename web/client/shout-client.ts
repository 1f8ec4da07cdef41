import type { Problem, Role, ServerFrame } from '../../src/domain/schema.generated.ts';
import { Api, type Query } from './api.ts';
import { Changes, type News } from './changes.ts';
import { Connection } from './connection.ts';
import { connectionState } from './connection-state.ts';
import { Credentials, personOf } from './credentials.ts';
import { Dialling } from './dialling.ts';
import { Lifetime } from './lifetime.ts';
import { defaults, type ShoutClientOptions } from './options.ts';
import { Part } from './part.ts';
import type { Renewal } from './renewal.ts';
import { Replica } from './replica.ts';
import { Rest } from './rest.ts';
import { Sender } from './sender.ts';
import type { Change, Command, Snapshot } from './snapshot.ts';

export type { GetToken } from './credentials.ts';
export type { ShoutClientOptions } from './options.ts';
export type { Change, Command, ConnectionState, Failure, Outgoing, Snapshot } from './snapshot.ts';

/**
 * The code that renews tokens. Two attempts to load it are enough, because without it the client can still bring the
 * server a new token by opening a new socket.
 */
export const renewalPart = new Part(() => import('./renewal.ts'), 2);

/**
 * Minimum wait before the next attempt to connect if the server does not let the person read the room. The wait is
 * random, and at most twice as long. The room might be open to the person by then.
 */
const BARRED_MS = 5 * 60_000;

/**
 * A room as one person sees it, kept up to date, with methods to write to it. Independent of the DOM.
 *
 * ```ts
 * const client = new ShoutClient({ server: 'https://…', getToken });
 * client.subscribe(({ snapshot }) => render(snapshot));
 * client.open();
 * client.post('hi');
 * ```
 */
export class ShoutClient {
  /** Number of frames and HTTP answers that were ignored because they do not match the schema. */
  malformed = 0;
  readonly #options: Required<ShoutClientOptions>;
  readonly #api: Api;
  readonly #credentials: Credentials;
  readonly #dialling: Dialling;
  readonly #connection: Connection;
  readonly #rest: Rest;
  readonly #replica: Replica;
  readonly #sender: Sender;
  readonly #changes = new Changes(() => this.snapshot);
  /** Lasts from `open` to `close`. */
  #life: Lifetime | undefined;
  #role: Role | undefined;
  /** Why this person may not read the room. */
  #barred: Problem | undefined;
  /** True from when `#barred` is set until `#leave` has paused the attempts to connect. */
  #leaving = false;
  /** Undefined until its code is loaded. */
  #renewal: Renewal | undefined;
  #snapshot: Snapshot | undefined;

  constructor(options: ShoutClientOptions) {
    this.#options = { ...defaults(), ...options };
    const { createId, getToken, now, random, timers } = this.#options;
    const malformed = () => {
      this.malformed++;
    };
    this.#credentials = new Credentials(getToken);
    this.#api = new Api({
      ...this.#options,
      token: () => this.#credentials.token,
      unauthenticated: (token) => {
        if (this.#credentials.refuse(token)) void this.#connection.open();
      },
      barred: (problem, token) => {
        const { asking, token: latest } = this.#credentials;
        if (this.#connection.openLink || asking || token !== latest) return;
        this.#barred = problem;
        this.#leaving = true;
        this.#leave();
      },
      malformed,
    });
    this.#connection = new Connection({
      ...this.#options,
      dial: (life) => this.#dialling.dial(life, this.#connection.failing),
      opened: () => {
        this.#barred = undefined;
        this.#rest.watch(this.#life);
        this.#sender.outbox?.flush();
        this.#changed();
      },
      down: () => {
        this.#sender.outbox?.interrupt();
        this.#changed();
      },
      stable: () => this.#credentials.accepted(),
      received: (frame) => this.#received(frame),
      pong: ({ epoch, head, role }, asked) => {
        // Only the answer to a ping names a role, so a role always counts. `asked` may be false for the answer: if a
        // pong to the whole room comes just before it, that pong has `asked` true instead.
        this.#role = role ?? (asked ? undefined : this.#role);
        this.#replica.compare(epoch, head, !asked);
        this.#changed();
      },
      malformed,
    });
    this.#sender = new Sender({
      createId,
      now,
      random,
      kept: this.#options,
      person: () => this.#options.person() ?? personOf(this.#credentials.token),
      sendsAs: () => personOf(this.#connection.openLink?.token),
      // The server accepts no commands over a guest's socket.
      send: (command) => this.#connection.openLink?.token !== undefined && this.#connection.send(command),
      changed: () => this.#changed(),
      checkConnection: () => this.#connection.ping(),
      shows: (id) => this.#replica.state.feed.messages.some((message) => message.id === id),
      refused: (command, error) => {
        this.#changed().refused = { command, error };
      },
    });
    this.#replica = new Replica(this.#api, {
      timers,
      random,
      people: () => this.#connection.people,
      changed: ({ arrived = [], shown = [], reset, loaded }) => {
        this.#sender.outbox?.shown(shown);
        if (loaded) this.#sender.outbox?.loaded();
        const news = this.#changed();
        if (reset) {
          news.reset = true;
          news.arrived = [];
        }
        news.arrived.push(...arrived);
      },
    });
    this.#dialling = new Dialling(this.#options.room, this.#api, this.#credentials, this.#replica, {
      identified: () => {
        this.#changed();
        void this.#loadRenewal().then((renewal) => renewal?.schedule());
      },
      unidentified: () => void this.#loadRenewal().then((renewal) => renewal?.again()),
      changed: () => {
        this.#leave();
        this.#changed();
      },
    });
    this.#rest = new Rest({
      watched: this.#options.watched,
      busy: () => this.#sender.busy,
      rest: () => {
        if (this.#connection.link.status !== 'closed') this.#connection.rest();
      },
    });
  }

  /** Immutable; replaced by another object at every change. */
  get snapshot(): Snapshot {
    const { feed, cursor, nextBefore, loadingOlder } = this.#replica.state;
    this.#snapshot ??= {
      feed,
      outgoing: this.#sender.outgoing,
      connection: this.#life
        ? connectionState(
            this.#connection.link,
            this.#replica,
            this.#barred && (this.#credentials.token ? 'forbidden' : 'signed-out'),
            this.#dialling.config !== undefined,
          )
        : 'closed',
      config: this.#dialling.config,
      position: { epoch: cursor.epoch, last: cursor.last },
      hasOlder: nextBefore !== null,
      loadingOlder,
      rateLimitedUntil: this.#sender.state.rateLimitedUntil,
      signedIn: this.#credentials.token !== undefined,
      person: this.#sender.person,
      role: this.#credentials.token ? this.#role : undefined,
      people: this.#connection.people || undefined,
      tokenRefused: this.#credentials.givenUp,
      barred: this.#barred,
    };
    return this.#snapshot;
  }

  /**
   * Calls `listener` soon after a change, and only once for changes that happen together.
   *
   * @returns a function that unsubscribes
   */
  subscribe(listener: (change: Change) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Connects. Idempotent. After `close`, continues with the feed as it was. */
  open(): void {
    if (this.#life) return;
    this.#life = new Lifetime(this.#options.timers);
    this.#sender.open(this.#life);
    void this.#connection.open();
    this.#rest.watch(this.#life);
    this.#changed();
  }

  /**
   * Disconnects, and ends the client's timers and requests. Idempotent. Unanswered commands are kept for the next
   * `open`.
   */
  close(): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#rest.stop();
    this.#connection.close();
    this.#replica.close();
    this.#sender.close();
    life.end();
    this.#changed();
  }

  /**
   * Loads the code that sends commands. Call it in advance, so that the first command need not wait. Without a call,
   * the first command loads the code.
   *
   * @throws if the code cannot be loaded
   */
  prepare(): Promise<void> {
    return this.#sender.prepare();
  }

  /**
   * Sends a command as soon as possible. Repeats it until the server accepts or refuses it, or until several attempts
   * had no final answer. If a command other than a message is refused or given up, listeners get it as `refused`.
   *
   * @returns the clientMessageId
   */
  send(command: Command): string {
    this.use();
    return this.#sender.add(command);
  }

  /**
   * Posts a message. The message shows in `outgoing` at once.
   *
   * @returns the clientMessageId, with which the message can be retried or discarded
   */
  post(text: string): string {
    return this.send({ action: 'sendMessage', text });
  }

  /** Sends a failed message again, under the same id, so that it cannot appear twice. */
  retry(clientMessageId: string): void {
    this.#sender.with((outbox) => outbox.retry(clientMessageId));
  }

  /** Drops a message from `outgoing`. If it has reached the server, it still appears in the feed. */
  discard(clientMessageId: string): void {
    this.#sender.with((outbox) => outbox.discard(clientMessageId));
  }

  /**
   * Drops the unfinished messages and other commands of `person`, and those of a guest, so that nothing stays after a
   * sign-out. Also drops the commands that `person` left unanswered in other rooms of this server.
   */
  clear(person = this.#sender.person): void {
    this.#sender.with((outbox) => outbox.clear(person));
  }

  /** Loads older messages, usually one page. Always resolves. `hasOlder` then says whether there is more to load. */
  loadOlder(): Promise<void> {
    return this.#replica.loadOlder();
  }

  /**
   * Sends `GET /<path>` for this room to the HTTP API. For code that is loaded on demand, such as the moderators' panel
   * with its list of reports.
   *
   * @returns the answer's JSON, whose shape the caller must check; undefined if the answer is not JSON or this client
   *   is closed
   * @throws if the server refuses or does not answer
   */
  async get(path: string, query?: Query): Promise<unknown> {
    return (
      this.#life &&
      this.#api.get(this.#life, path, { room: this.#options.room, ...query }, (_body): _body is unknown => true)
    );
  }

  /**
   * Checks the connection now. Called when the network has changed, when the page is shown or hidden, or when the
   * person asks to retry.
   */
  wake(): void {
    if (!this.#life) return;
    this.#rest.watch(this.#life);
    if (this.#connection.link.status === 'resting') return;
    const link = this.#connection.openLink;
    if (link) link.networkLost = !this.#options.online();
    this.#renewal?.wake();
    this.#connection.wake();
    this.#changed();
  }

  /** Connects again if the client has disconnected to rest. Called when the page is used. */
  use(): void {
    if (this.#life && this.#connection.link.status === 'resting') void this.#connection.open();
  }

  /**
   * Asks `getToken` again. Call it after a sign-in or sign-out. Sends the new token over the open socket. After a
   * sign-out or a change of person, opens a new socket instead.
   */
  async refreshToken(): Promise<void> {
    this.#credentials.accepted();
    this.#barred = undefined;
    this.#changed();
    const renewal = await this.#loadRenewal();
    if (renewal) await renewal.renew();
    else if (this.#life) void this.#connection.open();
  }

  /** Loads the code that renews tokens, if needed. @returns undefined if it cannot be loaded */
  async #loadRenewal(): Promise<Renewal | undefined> {
    const part = await renewalPart.load().catch(() => undefined);
    if (part) {
      this.#renewal ??= new part.Renewal(this.#credentials, this.#connection, {
        life: () => this.#life,
        changed: () => this.#changed(),
        now: this.#options.now,
        random: this.#options.random,
      });
    }
    return this.#renewal;
  }

  #received(frame: Exclude<ServerFrame, { type: 'pong' }>): void {
    switch (frame.type) {
      case 'events':
        if (frame.room === this.#options.room) this.#replica.receive(frame.epoch, frame.events);
        break;
      case 'ack':
        this.#credentials.accepted();
        this.#sender.outbox?.ack(frame);
        break;
      case 'authenticated':
        this.#role = frame.role;
        this.#changed();
        this.#renewal?.authenticated(frame);
        this.#sender.outbox?.flush();
        break;
      case 'error':
        if (frame.code === 'replaced') {
          this.#connection.rest();
        } else if (frame.code === 'unauthenticated') {
          const link = this.#connection.openLink;
          this.#credentials.refuse(link?.offered ?? link?.token);
          this.#connection.redial();
        } else if (!this.#renewal?.refused(frame)) {
          this.#sender.outbox?.fail(frame);
        }
    }
  }

  /**
   * Pauses the attempts to connect if the person may not read the room. Does nothing before the settings have arrived:
   * a sign-in needs them, and the pause would end the request for them.
   */
  #leave(): void {
    if (!this.#barred || !this.#leaving || !this.#dialling.config) return;
    this.#leaving = false;
    this.#replica.close();
    this.#connection.wait(BARRED_MS * (1 + this.#options.random()));
  }

  #changed(): News {
    const link = this.#connection.openLink;
    if (link?.progress === 'head-known' && !this.#replica.behind) link.progress = 'complete';
    this.#snapshot = undefined;
    this.#sender.identify();
    return this.#changes.add();
  }
}
