import { ShoutClient, type ShoutClientOptions } from '../../../web/client/shout-client.ts';
import type { BackEnd } from '../back-end.ts';
import type { Reader, Send } from '../history.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { Line } from './line.ts';

/**
 * Ping interval, ms. The widget's default is four minutes. Some gaps are noticed only after a ping, and must be filled
 * within 90 s (the bound of I8, docs/guarantees.md), so the tests ping more often.
 */
export const HEARTBEAT_MS = 5_000;

interface Options {
  name: string;
  room: string;
  backEnd: Pick<BackEnd, 'http' | 'ws'>;
  /** Absent for a guest. */
  getToken?: () => Promise<string>;
  actorId?: string;
  client?: Partial<ShoutClientOptions>;
}

/** A person: the widget's client, its line to the back end, and a record of what the client sent and applied. */
export class Person {
  readonly name: string;
  readonly actorId: string;
  readonly line: Line;
  readonly client: ShoutClient;
  readonly #ledger: Ledger;
  readonly #journal = new Journal();

  static async join(options: Options): Promise<Person> {
    const person = new Person(options, await Line.start(options.backEnd));
    person.client.open();
    return person;
  }

  private constructor({ name, room, getToken, actorId = '', client = {} }: Options, line: Line) {
    this.name = name;
    this.actorId = actorId;
    this.line = line;
    this.#ledger = new Ledger(name, actorId);
    this.client = new ShoutClient({
      server: line.server,
      room,
      heartbeatMs: HEARTBEAT_MS,
      WebSocket: line.socket(this.#ledger),
      ...(getToken && { getToken }),
      ...client,
    });
    this.client.subscribe((change) => this.#journal.record(change));
  }

  async leave(): Promise<void> {
    this.client.close();
    await this.line.stop();
  }

  get sends(): Send[] {
    return this.#ledger.sends();
  }

  /** Forgets the person's commands, so that the checker does not expect them in a wiped room. */
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
