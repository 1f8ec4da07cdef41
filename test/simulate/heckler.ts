import type { ClientFrame, ServerFrame } from '../../src/domain/schema.generated.ts';
import { Ledger } from '../faults/clients/ledger.ts';
import type { Send } from '../faults/history.ts';
import type { Random } from '../faults/random.ts';
import type { ApiGateway } from './api-gateway.ts';
import { Line } from './line.ts';
import { socketOver, WEB_SOCKET_URL } from './person.ts';
import type { VirtualTime } from './time.ts';

const PAUSE_MS = 2_000;
const ANSWER_MS = 2_000;

interface Options {
  room: string;
  actorId: string;
  gateway: ApiGateway;
  time: VirtualTime;
  random: Random;
  /** @param seconds lifetime of the token; negative if it has expired already */
  token: (seconds: number) => string;
}

/**
 * Sends messages that must be refused: invalid texts, messages with an expired token, and a second text under an id
 * that is already used. Uses sockets directly, not the widget's client.
 */
export class Heckler {
  readonly #options: Options;
  readonly #ledger: Ledger;
  readonly #line: Line;
  #said = 0;
  #running = false;

  constructor(options: Options) {
    this.#options = options;
    this.#ledger = new Ledger('heckler', options.actorId);
    this.#line = new Line(options.time, options.random.fork('line'));
  }

  get sends(): Send[] {
    return this.#ledger.sends();
  }

  forgetSends(): void {
    this.#ledger.forget();
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  stop(): void {
    this.#running = false;
  }

  async #run(): Promise<void> {
    const { random, time } = this.#options;
    while (this.#running) {
      const id = `h${this.#said++}`;
      const kind = random.int(3);
      const excess = random.pick(['', '\u0000', '\ud800', 'x'.repeat(2_100)]);
      if (kind === 0) await this.#say(60, [{ clientMessageId: id, text: excess }]);
      // The token expired 2 s ago. `$connect` accepts it, because it allows clocks to differ by 5 s. `sendMessage`
      // refuses it.
      if (kind === 1) await this.#say(-2, [{ clientMessageId: id, text: `too late ${id}` }]);
      if (kind === 2)
        await this.#say(60, [
          { clientMessageId: id, text: `the first ${id}` },
          { clientMessageId: id, text: `another ${id}` },
        ]);
      await time.sleep(PAUSE_MS);
    }
  }

  /** Sends messages one by one on one socket. Stops after one that gets no answer, because its outcome is unknown. */
  async #say(seconds: number, messages: { clientMessageId: string; text: string }[]): Promise<void> {
    const { room, gateway, time, token } = this.#options;
    let answered = (_frame?: ServerFrame) => {};
    const received = (frame: ServerFrame) => {
      this.#ledger.received(frame);
      if ('clientMessageId' in frame) answered(frame);
    };
    const Socket = socketOver(this.#line, gateway, { sent: (frame) => this.#ledger.sent(frame), received });
    const socket = new Socket(`${WEB_SOCKET_URL}?room=${room}`, ['shout-box.v1', `bearer.${token(seconds)}`]);
    const opened = new Promise<boolean>((resolve) => {
      socket.onopen = () => resolve(true);
      socket.onclose = () => resolve(false);
      time.after(ANSWER_MS, () => resolve(false));
    });
    if (await opened) {
      for (const message of messages) {
        const answer = new Promise<ServerFrame | undefined>((resolve) => {
          answered = resolve;
          time.after(ANSWER_MS, () => resolve(undefined));
        });
        socket.send(JSON.stringify({ action: 'sendMessage', ...message } satisfies ClientFrame));
        if (!(await answer)) break;
      }
    }
    socket.onclose = null;
    socket.close();
  }
}
