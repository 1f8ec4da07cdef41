import type WebSocket from 'ws';
import type { ServerFrame } from '../../../src/domain/schema.generated.ts';
import type { BackEnd } from '../back-end.ts';
import type { Recorder as Recorded } from '../history.ts';
import { entryOf } from './journal.ts';
import { Line } from './line.ts';

const AGAIN_MS = 500;
/** Lifetime of the recorder's token, seconds. The recorder does not renew it. */
const A_DAY = 86_400;

/**
 * Records the events of every frame as they arrive. Uses a plain WebSocket, because the widget's client would drop
 * repeated events and put the others in order. Reconnects when the socket is cut.
 */
export class Recorder {
  readonly recorded: Recorded;
  readonly line: Line;
  readonly #open: () => WebSocket;
  #socket: WebSocket | undefined;
  #again: NodeJS.Timeout | undefined;
  #left = false;

  static async join(name: string, room: string, backEnd: Pick<BackEnd, 'http' | 'ws' | 'issuer'>): Promise<Recorder> {
    const token = await backEnd.issuer.token(name, A_DAY);
    return new Recorder(name, room, await Line.start(backEnd), token);
  }

  private constructor(name: string, room: string, line: Line, token: string) {
    this.recorded = { name, frames: [] };
    this.line = line;
    const Socket = line.socket({ sent: () => {}, received: (frame) => this.#received(frame) });
    this.#open = () =>
      new Socket(`ws://127.0.0.1/?room=${room}`, ['shout-box.v1', `bearer.${token}`]) as unknown as WebSocket;
    this.#dial();
  }

  async leave(): Promise<void> {
    this.#left = true;
    clearTimeout(this.#again);
    this.#socket?.terminate();
    await this.line.stop();
  }

  #dial(): void {
    this.#socket = this.#open().on('close', () => {
      if (!this.#left) this.#again = setTimeout(() => this.#dial(), AGAIN_MS);
    });
  }

  #received(frame: ServerFrame): void {
    if (frame.type !== 'events') return;
    this.recorded.frames.push({ at: Date.now(), epoch: frame.epoch, events: frame.events.map(entryOf) });
  }
}
