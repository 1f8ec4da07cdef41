import type { LineState } from '../faults/proxies/edge.ts';
import type { Random } from '../faults/random.ts';
import type { VirtualTime } from './time.ts';

const LATENCY_MS = { min: 5, max: 60 };

/** The network between one client and the server. */
export class Line {
  #state: LineState = 'open';
  readonly #wires = new Set<Wire>();
  readonly #time: VirtualTime;
  readonly #random: Random;

  constructor(time: VirtualTime, random: Random) {
    this.#time = time;
    this.#random = random;
  }

  /** @param cut called if the connection breaks or cannot be made */
  connect(cut: () => void): Wire {
    const wire: Wire = new Wire(this.#time, this.#random, cut, () => this.#wires.delete(wire));
    if (this.#state === 'refusing') {
      this.#time.after(this.#random.between(LATENCY_MS.min, LATENCY_MS.max), () => wire.cut());
    } else {
      this.#wires.add(wire);
      wire.state = this.#state;
    }
    return wire;
  }

  set(state: LineState): void {
    // A half-open line has lost data, so its connections cannot be resumed. A refusing line has no connections.
    if (this.#state === 'half-open' || state === 'refusing') this.cut();
    this.#state = state;
    for (const wire of this.#wires) wire.set(state);
  }

  cut(): void {
    for (const wire of [...this.#wires]) wire.cut();
  }
}

type Direction = 'up' | 'down';

/** A connection over a line. Data that is sent in one direction arrives in order. */
export class Wire {
  state: LineState = 'open';
  closed = false;
  readonly #arrival = { up: 0, down: 0 };
  #held: [Direction, () => void][] = [];
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #onCut: () => void;
  readonly #ended: () => void;

  constructor(time: VirtualTime, random: Random, onCut: () => void, ended: () => void) {
    this.#time = time;
    this.#random = random;
    this.#onCut = onCut;
    this.#ended = ended;
  }

  carry(direction: Direction, arrive: () => void): void {
    if (this.closed || this.state === 'half-open') return;
    if (this.state === 'stalled') {
      this.#held.push([direction, arrive]);
      return;
    }
    const { min, max } = LATENCY_MS;
    const at = Math.max(this.#arrival[direction], this.#time.now() + this.#random.between(min, max));
    this.#arrival[direction] = at;
    this.#time.after(at - this.#time.now(), () => {
      if (!this.closed) arrive();
    });
  }

  set(state: LineState): void {
    this.state = state;
    if (state !== 'open') return;
    for (const [direction, arrive] of this.#held.splice(0)) this.carry(direction, arrive);
  }

  /** Closes the connection without a call of `onCut`. Nothing more arrives. */
  close(): void {
    this.closed = true;
    this.#ended();
  }

  cut(): void {
    if (this.closed) return;
    this.close();
    this.#onCut();
  }
}
