import type { ClientFrame, ServerFrame } from '../../src/domain/schema.generated.ts';
import type { Socket, SocketConstructor } from '../../web/client/connection.ts';
import { ShoutClient, type ShoutClientOptions } from '../../web/client/shout-client.ts';
import { Journal } from '../faults/clients/journal.ts';
import { Ledger } from '../faults/clients/ledger.ts';
import type { Reader, Send } from '../faults/history.ts';
import type { Random } from '../faults/random.ts';
import type { ApiGateway } from './api-gateway.ts';
import type { HttpApi } from './http-api.ts';
import { Line } from './line.ts';
import type { VirtualTime } from './time.ts';

export const SERVER = 'https://api.example';
export const WEB_SOCKET_URL = 'wss://ws.example/sim';

interface Servers {
  http: HttpApi;
  gateway: ApiGateway;
}

interface Options {
  name: string;
  actorId: string;
  room: string;
  servers: Servers;
  time: VirtualTime;
  random: Random;
  client: Pick<ShoutClientOptions, 'now' | 'getToken'>;
}

/** A person: the widget's client, its line, and a record of what it sent and applied. */
export class Person {
  readonly name: string;
  readonly actorId: string;
  readonly line: Line;
  readonly client: ShoutClient;
  readonly #ledger: Ledger;
  readonly #journal: Journal;

  /**
   * Loads the client's code for sending before the client opens. Otherwise the client would load the code at its first
   * command. The load would take a different amount of virtual time in each run, so no run could be repeated.
   */
  static async join(options: Options): Promise<Person> {
    const person = new Person(options);
    await person.client.prepare();
    person.client.open();
    return person;
  }

  private constructor({ name, actorId, room, servers, time, random, client }: Options) {
    this.name = name;
    this.actorId = actorId;
    this.line = new Line(time, random.fork('line'));
    this.#ledger = new Ledger(name, actorId);
    this.#journal = new Journal(time.now);
    const chance = random.fork('client');
    this.client = new ShoutClient({
      server: SERVER,
      room,
      fetch: fetchOver(this.line, servers.http),
      WebSocket: socketOver(this.line, servers.gateway, this.#ledger),
      timers: time.timers,
      random: chance.next,
      createId: idsFrom(chance),
      online: () => true,
      ...client,
    });
    this.client.subscribe((change) => this.#journal.record(change));
  }

  get sends(): Send[] {
    return this.#ledger.sends();
  }

  forgetSends(): void {
    this.#ledger.forget();
  }

  get reader(): Reader {
    const { position, feed } = this.client.snapshot;
    return { name: this.name, steps: this.#journal.steps, final: { ...position, feed: feed.messages } };
  }

  isAt(head: { epoch: string; seq: number }): boolean {
    const { position, connection, signedIn } = this.client.snapshot;
    return signedIn && connection === 'live' && position.epoch === head.epoch && position.last === head.seq;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function idsFrom(random: Random): () => string {
  return () => Array.from({ length: 16 }, () => random.pick([...LETTERS])).join('');
}

/** Returns a `fetch` over the line. It supports only what the client uses. */
function fetchOver(line: Line, http: HttpApi): typeof fetch {
  const get = (input: unknown, init?: RequestInit): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const wire = line.connect(() => reject(new TypeError('fetch failed')));
      init?.signal?.addEventListener('abort', () => {
        wire.close();
        reject(new DOMException('aborted', 'AbortError'));
      });
      wire.carry('up', async () => {
        const { status, body } = await http.get(new URL(String(input)), init?.headers as Record<string, string>);
        wire.carry('down', () => {
          wire.close();
          resolve({ status, ok: status === 200, json: async () => JSON.parse(body) });
        });
      });
    });
  return get as typeof fetch;
}

/** Callbacks for every frame that a client sends or receives. */
interface Tap {
  sent(frame: ClientFrame): void;
  received(frame: ServerFrame): void;
}

/** Recently parsed frames, by their text. Everybody in the room receives the same frames, and parsing takes time. */
const parsed = new Map<string, ServerFrame>();
const MAX_PARSED = 50;

function frameOf(data: string): ServerFrame {
  const known = parsed.get(data);
  if (known) return known;
  if (parsed.size === MAX_PARSED) parsed.clear();
  const frame = JSON.parse(data) as ServerFrame;
  parsed.set(data, frame);
  return frame;
}

/** Returns a WebSocket class whose sockets use the line. It supports only what the client uses. */
export function socketOver(line: Line, gateway: ApiGateway, tap: Tap): SocketConstructor {
  class SimulatedSocket implements Socket {
    onopen: Socket['onopen'] = null;
    onmessage: Socket['onmessage'] = null;
    onclose: Socket['onclose'] = null;
    onerror: Socket['onerror'] = null;
    readonly #wire;
    #server: ReturnType<ApiGateway['connect']> | undefined;

    constructor(url: string, protocols: string[]) {
      const closed = () => this.onclose?.call(this as never, {} as CloseEvent);
      this.#wire = line.connect(() => {
        this.#server?.left();
        closed();
      });
      const wire = this.#wire;
      const peer = {
        opened: () => wire.carry('down', () => this.onopen?.call(this as never, {} as Event)),
        received: (data: string) =>
          wire.carry('down', () => {
            tap.received(frameOf(data));
            this.onmessage?.call(this as never, { data } as MessageEvent);
          }),
        closed: () =>
          wire.carry('down', () => {
            wire.close();
            closed();
          }),
      };
      wire.carry('up', () => {
        this.#server = gateway.connect(new URL(url), protocols, peer);
      });
    }

    send(data: string): void {
      tap.sent(JSON.parse(data) as ClientFrame);
      this.#wire.carry('up', () => this.#server?.receive(data));
    }

    close(): void {
      const wire = this.#wire;
      if (wire.closed) return;
      wire.carry('up', () => {
        wire.close();
        this.#server?.left();
      });
    }
  }
  return SimulatedSocket;
}
