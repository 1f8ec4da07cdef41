import { on, once } from 'node:events';
import WebSocket from 'ws';
import type { ClientFrame, ServerFrame } from '../../../src/domain/schema.generated.ts';
import type { Send } from '../history.ts';
import type { Random } from '../random.ts';
import { Ledger } from './ledger.ts';

const ANSWER_MS = 2_000;
const PAUSE_MS = 400;

interface Options {
  url: string;
  actorId: string;
  /** @param seconds lifetime of the token; negative if it has expired already */
  token: (seconds: number) => Promise<string>;
  random: Random;
}

/**
 * Sends messages that must be refused: an invalid text, another text under a used id, or a message with an expired
 * token. Uses WebSockets directly, not the client of web/client.
 */
export class Heckler {
  readonly #options: Options;
  readonly #ledger: Ledger;
  readonly #run = Date.now().toString(36);
  #said = 0;
  #sending: Promise<void> = Promise.resolve();
  #over = false;

  constructor(options: Options) {
    this.#options = options;
    this.#ledger = new Ledger('heckler', options.actorId);
  }

  get sends(): Send[] {
    return this.#ledger.sends();
  }

  start(): void {
    this.#over = false;
    this.#sending = this.#send();
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#sending;
  }

  forgetSends(): void {
    this.#ledger.forget();
  }

  async #send(): Promise<void> {
    const { random } = this.#options;
    while (!this.#over) {
      await random.pick([this.#excess, this.#conflict, this.#expired]).call(this);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #excess(): Promise<void> {
    const text = this.#options.random.pick(['', '\u0000', '\ud800', 'x'.repeat(2_100)]);
    return this.#say(60, [{ clientMessageId: this.#id(), text }]);
  }

  #conflict(): Promise<void> {
    const clientMessageId = this.#id();
    return this.#say(60, [
      { clientMessageId, text: `the first ${clientMessageId}` },
      { clientMessageId, text: `another ${clientMessageId}` },
    ]);
  }

  /**
   * Sends a message with a token that expired 2 s ago. `$connect` still accepts a token for 5 s after its expiry, but
   * `sendMessage` does not.
   */
  #expired(): Promise<void> {
    return this.#say(-2, [{ clientMessageId: this.#id(), text: 'too late' }]);
  }

  /** Sends messages one by one on one socket. Stops at a message that gets no answer; its outcome stays unknown. */
  async #say(seconds: number, messages: { clientMessageId: string; text: string }[]): Promise<void> {
    const { url, token } = this.#options;
    const socket = new WebSocket(url, ['shout-box.v1', `bearer.${await token(seconds)}`]);
    socket.on('error', () => {});
    const timeout = AbortSignal.timeout(ANSWER_MS);
    try {
      await once(socket, 'open', { signal: timeout });
      for (const message of messages) {
        const frame: ClientFrame = { action: 'sendMessage', ...message };
        this.#ledger.sent(frame);
        socket.send(JSON.stringify(frame));
        this.#ledger.received(await answerTo(socket, message.clientMessageId, timeout));
      }
    } catch {
      // A fault has stopped the stack, or has lost or delayed an answer.
    } finally {
      socket.terminate();
    }
  }

  #id(): string {
    return `${this.#run}-${this.#said++}`;
  }
}

async function answerTo(socket: WebSocket, clientMessageId: string, signal: AbortSignal): Promise<ServerFrame> {
  // `on` queues the frames. If two arrived in the same tick, a loop with `once` would miss the second.
  for await (const [data] of on(socket, 'message', { signal })) {
    const frame = JSON.parse(String(data)) as ServerFrame;
    if ('clientMessageId' in frame && frame.clientMessageId === clientMessageId) return frame;
  }
  throw new Error('The socket told nothing.');
}
