import type { Config, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { VirtualTime } from '../../test/simulate/time.ts';
import type { Socket, SocketConstructor } from '../../web/client/connection.ts';
import { PerSecond } from './per-second.ts';

/**
 * API Gateway's default quotas per account and Region. Dials are new connections (Developer Guide, "Quotas for
 * configuring and running a WebSocket API"). Posts have no quota of their own: they count towards the quota for the
 * requests to all APIs ("Amazon API Gateway quotas").
 */
const DIALS_PER_SECOND = 500;
const POSTS_PER_SECOND = 10_000;
const LATENCY_MS = { min: 20, max: 120 };
const PAGE = 100;

const config: Config = {
  webSocketUrl: 'wss://ws.example/prod',
  ...{ issuer: 'https://issuer.example', clientId: 'crowd', audience: 'crowd', scope: 'openid', nameClaim: 'name' },
  guests: true,
  limits: { textGraphemes: 500, textBytes: 2_048, pageSize: PAGE },
};

/** A stand-in for the back end, with one room. Refuses connections above the quota, and counts requests. */
export class CrowdServer {
  /** While true, new connections and HTTP requests fail. */
  down = false;
  readonly dials: PerSecond;
  readonly reads: PerSecond;
  readonly pings: PerSecond;
  readonly #log: SequencedEvent[] = [];
  readonly #open = new Set<CrowdSocket>();
  readonly #time: VirtualTime;
  readonly #random: () => number;
  readonly #counted: boolean;
  #accepted = { second: 0, count: 0 };
  #people = 0;

  constructor(time: VirtualTime, random: () => number, counted: boolean) {
    this.#time = time;
    this.#random = random;
    this.#counted = counted;
    [this.dials, this.reads, this.pings] = [new PerSecond(time.now), new PerSecond(time.now), new PerSecond(time.now)];
    this.append();
  }

  get head(): number {
    return this.#log.length;
  }

  /** Adds a message to the log without delivering it. */
  append(): SequencedEvent {
    const seq = this.head + 1;
    const actor = { id: 'somebody'.padEnd(22, '0'), name: 'somebody' };
    const event: SequencedEvent = {
      ...{ seq, id: `${actor.id}:m${seq}`, type: 'MessagePosted', at: this.#time.now(), actor },
      data: { text: `message ${seq}` },
    };
    this.#log.push(event);
    return event;
  }

  /** Posts events to everybody, as fast as the quota allows. */
  deliver(...events: SequencedEvent[]): void {
    this.#people = this.#open.size;
    const data = JSON.stringify({ type: 'events', room: 'lobby', epoch: 'e', events, ...this.#peopleField });
    [...this.#open].forEach(
      (socket, n) => void this.#time.after((n * 1_000) / POSTS_PER_SECOND, () => socket.push(data)),
    );
  }

  /** Closes every connection at the same moment. */
  cut(): void {
    this.#people = this.#open.size;
    for (const socket of [...this.#open]) socket.drop();
  }

  reset(): void {
    for (const counter of [this.dials, this.reads, this.pings]) counter.reset();
  }

  readonly fetch: typeof fetch = async (input) => {
    const url = new URL(String(input));
    const path = url.pathname.slice(1);
    if (path !== 'config') this.reads.add();
    await this.#latency();
    if (this.down) throw new TypeError('fetch failed');
    const position = { epoch: 'e', head: this.head };
    const after = Number(url.searchParams.get('after'));
    const body = {
      config,
      events: { ...position, events: this.#log.slice(after, after + PAGE) },
      'chat-history': { ...position, messages: [], nextBefore: null },
    }[path];
    return { ok: true, status: 200, json: async () => body } as Response;
  };

  readonly WebSocket: SocketConstructor = ((server: CrowdServer) =>
    class extends CrowdSocket {
      constructor() {
        super({
          ping: () => server.#pong(this),
          closed: () => server.#open.delete(this),
        });
        void server.#accept(this);
      }
    } as unknown as SocketConstructor)(this);

  async #accept(socket: CrowdSocket): Promise<void> {
    this.dials.add();
    const refused = this.down || !this.#withinQuota();
    await this.#latency();
    if (socket.closed) return;
    if (refused || this.down) return socket.drop();
    this.#open.add(socket);
    socket.opened();
  }

  async #pong(socket: CrowdSocket): Promise<void> {
    this.pings.add();
    await this.#latency();
    this.#people = Math.max(this.#people, this.#open.size);
    socket.push(JSON.stringify({ type: 'pong', epoch: 'e', head: this.head, ...this.#peopleField }));
  }

  get #peopleField(): { people?: number } {
    return this.#counted ? { people: this.#people } : {};
  }

  #withinQuota(): boolean {
    const second = Math.floor(this.#time.now() / 1_000);
    if (this.#accepted.second !== second) this.#accepted = { second, count: 0 };
    return ++this.#accepted.count <= DIALS_PER_SECOND;
  }

  #latency(): Promise<void> {
    return this.#time.sleep(LATENCY_MS.min + this.#random() * (LATENCY_MS.max - LATENCY_MS.min));
  }
}

/** The client's end of a connection. */
class CrowdSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  closed = false;
  readonly #server: { ping: () => void; closed: () => void };

  constructor(server: { ping: () => void; closed: () => void }) {
    this.#server = server;
  }

  /** Counts every frame as a ping, because a guest sends nothing else. */
  send(): void {
    this.#server.ping();
  }

  close(): void {
    this.closed = true;
    this.#server.closed();
  }

  opened(): void {
    this.onopen?.call(this as never, {} as Event);
  }

  push(data: string): void {
    if (!this.closed) this.onmessage?.call(this as never, { data } as MessageEvent);
  }

  drop(): void {
    this.close();
    this.onclose?.call(this as never, {} as CloseEvent);
  }
}
