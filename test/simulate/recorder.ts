import type { ServerFrame } from '../../src/domain/schema.generated.ts';
import { entryOf } from '../faults/clients/journal.ts';
import type { Recorder as Recorded } from '../faults/history.ts';
import type { Random } from '../faults/random.ts';
import type { ApiGateway } from './api-gateway.ts';
import { Line } from './line.ts';
import { socketOver, WEB_SOCKET_URL } from './person.ts';
import type { VirtualTime } from './time.ts';

const AGAIN_MS = 500;

interface Options {
  name: string;
  room: string;
  gateway: ApiGateway;
  time: VirtualTime;
  random: Random;
  token: () => string;
}

/** A bare socket that records all events it receives, and reconnects when it is cut. */
export class Recorder {
  readonly recorded: Recorded;
  readonly line: Line;
  #left = false;

  constructor({ name, room, gateway, time, random, token }: Options) {
    this.recorded = { name, frames: [] };
    this.line = new Line(time, random);
    const received = (frame: ServerFrame) => {
      if (frame.type !== 'events') return;
      this.recorded.frames.push({ at: time.now(), epoch: frame.epoch, events: frame.events.map(entryOf) });
    };
    const Socket = socketOver(this.line, gateway, { sent: () => {}, received });
    const dial = () => {
      if (this.#left) return;
      const socket = new Socket(`${WEB_SOCKET_URL}?room=${room}`, ['shout-box.v1', `bearer.${token()}`]);
      socket.onclose = () => void time.after(AGAIN_MS, dial);
    };
    dial();
  }

  leave(): void {
    this.#left = true;
    this.line.cut();
  }
}
