import { check, type Report, violationsOf } from '../faults/checker.ts';
import { deal, type Fault, type Window } from '../faults/fault.ts';
import { randomFrom } from '../faults/random.ts';
import type { Handler } from './lambda.ts';
import { VirtualTime } from './time.ts';
import { Trace } from './trace.ts';
import { World } from './world.ts';

const HOUR_MS = 3_600_000;
/**
 * Time from a room's start after which it gets no new round, ms. This is longer than a connection lives, so that
 * connections also end by age, and short enough to keep the room's log small.
 */
const ROOM_MS = 2.5 * HOUR_MS;
/** A room ends once it has this many events, because the checks after each round read the room's whole log. */
const ROOM_EVENTS = 3_000;
const POPULATION = { writers: 3, moderators: 1, readers: 6, recorders: 2 };
const FAULT_MS = { min: 4_000, max: 30_000 };
/** Time-out of a fault, ms. A fault that takes longer probably waits for ever, and is reported as a violation. */
const ENDLESS_MS = HOUR_MS;
/**
 * Pause between rounds, ms: random, from `min` to `max`. Once every fault has struck, the fraction `share` of the
 * pauses takes `long` instead, which is longer than a connection lives.
 */
const SILENCE_MS = { min: 1_000, max: 9 * 60_000, long: 2.1 * HOUR_MS, share: 0.03 };

export interface Options {
  seed: number;
  hours: number;
  faults: readonly Fault<World>[];
  handlers: Readonly<Record<string, Handler>>;
  /** Ends the simulation this many virtual ms after the start, even in the middle of a round. */
  untilMs?: number | undefined;
  show?: ((line: string) => void) | undefined;
  progress: (line: string) => void;
}

export interface Outcome {
  hash: string;
  /** The report of the last round. A round with violations is always the last, so they are in this report. */
  report: Report;
  windows: Window[];
  /** Duration of the simulation, virtual ms. */
  simulatedMs: number;
  slowestMs: number;
  events: number;
  checked: number;
}

/**
 * Runs the whole system in one process, on a virtual clock, in rounds of traffic and faults. At the end of each round,
 * the traffic stops and all clients must converge. Runs with the same seed and options are identical.
 */
export function simulate(options: Options): Promise<Outcome> {
  const time = new VirtualTime();
  const trace = new Trace(() => time.elapsed, options.show);
  return time.run(() => {
    const all = new Rooms(options, time, trace).run();
    const { untilMs } = options;
    return untilMs === undefined ? all.done : Promise.race([all.done, time.sleep(untilMs).then(() => all.sofar())]);
  });
}

class Rooms {
  readonly #options: Options;
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #windows: Window[] = [];
  #deck: Fault<World>[] = [];
  /** Number of decks so far, including the current one. A new deck has all faults, shuffled. */
  #decks = 0;
  #report: Report = check(nothing);
  #slowestMs = 0;
  #events = 0;
  #checked = 0;

  constructor(options: Options, time: VirtualTime, trace: Trace) {
    this.#options = options;
    this.#time = time;
    this.#trace = trace;
  }

  run(): { done: Promise<Outcome>; sofar: () => Outcome } {
    return { done: this.#all(), sofar: () => this.#outcome() };
  }

  async #all(): Promise<Outcome> {
    const { hours } = this.#options;
    for (let n = 0; this.#time.elapsed < hours * HOUR_MS; n++) {
      await this.#room(n, Math.min(this.#time.elapsed + ROOM_MS, hours * HOUR_MS));
      if (violationsOf(this.#report).length > 0) break;
    }
    return this.#outcome();
  }

  /** @param until time from which no new round begins, virtual ms since the start of the simulation */
  async #room(n: number, until: number): Promise<void> {
    const { seed, handlers, faults, progress } = this.#options;
    const random = randomFrom(seed).fork(`room ${n}`);
    const world = new World(`room${n}`, handlers, this.#time, random, this.#trace);
    await world.populate(POPULATION);
    await world.converge();
    for (let round = 1; this.#time.elapsed < until && world.items.length < ROOM_EVENTS; round++) {
      if (this.#deck.length === 0) {
        this.#deck = random.shuffle(faults);
        this.#decks++;
      }
      const dealt = deal(this.#deck, random);
      world.startTraffic();
      const fresh = await Promise.all(
        dealt.map((fault) => this.#inject(world, fault, random.between(FAULT_MS.min, FAULT_MS.max))),
      );
      const took = await world.converge();
      this.#slowestMs = Math.max(this.#slowestMs, took);
      const history = await world.history();
      this.#report = { ...check(history), I9: world.lambda.deliveries };
      this.#report.I8.violations.push(...world.complaints);
      this.#checked += Object.values(this.#report).reduce((sum, { checked }) => sum + checked, 0);
      // Puts a fault that struck nothing back into the first deck, until each fault has struck.
      if (this.#decks === 1) this.#deck.push(...dealt.filter((_, n) => fresh[n]!.strikes === 0));
      const struck = fresh.map(({ fault, strikes }) => `${fault} ×${strikes}`).join(', ');
      progress(
        `${hoursOf(this.#time.elapsed)} h, room ${n + 1}, round ${round}: ${struck}; ${history.log.length} events, converged in ${took} ms`,
      );
      if (violationsOf(this.#report).length > 0) return;
      const { min, max, long, share } = SILENCE_MS;
      const silence = this.#decks > 1 && random.chance(share) ? long : random.between(min, max);
      await this.#time.sleep(Math.min(silence, until - this.#time.elapsed));
    }
    this.#events += world.items.length;
    world.destroy();
    await this.#time.sleep(60_000);
  }

  async #inject(world: World, fault: Fault<World>, ms: number): Promise<Window> {
    const from = this.#time.now();
    this.#trace.add('fault', `${fault.name} begins`);
    const endless = this.#time.sleep(ENDLESS_MS).then(() => undefined);
    const struck = await Promise.race([fault.inject(world, ms), endless]);
    if (struck === undefined) world.complain(`${fault.name} had no end within ${ENDLESS_MS} ms`);
    const strikes = struck ?? 0;
    this.#trace.add('fault', `${fault.name} ends after ${strikes}`);
    const window = { fault: fault.name, from, to: this.#time.now(), strikes };
    this.#windows.push(window);
    return window;
  }

  #outcome(): Outcome {
    return {
      hash: this.#trace.hash,
      report: this.#report,
      windows: this.#windows,
      simulatedMs: this.#time.elapsed,
      slowestMs: this.#slowestMs,
      events: this.#events,
      checked: this.#checked,
    };
  }
}

const nothing = {
  ...{ sends: [], log: [], served: [], paged: [], readers: [], recorders: [], retired: new Set<string>() },
  ...{ gone: new Set<number>(), deleted: new Set<string>() },
  head: { epoch: '', seq: 0 },
};

export function hoursOf(ms: number): string {
  return (ms / HOUR_MS).toFixed(2);
}
