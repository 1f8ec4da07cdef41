import { Queue } from '../../local/parking/queue.ts';
import type { Parked } from '../../src/domain/ports/parking.ts';
import type { Random } from '../faults/random.ts';
import { Interventions } from './interventions.ts';
import type { Lambda } from './lambda.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';

/** The settings of the queue in resources/failures.yml. */
const POLICY = { visibilityMs: 360_000, maxReceives: 5 };
const FUNCTION_TIMEOUT_MS = 60_000;

/** SQS and its event source mapping to `redrive`: the queue of the local stack, on virtual time. */
export class SimulatedQueue {
  readonly sends = new Interventions<Parked, void>();
  /** Number of messages that have reached the queue. */
  sent = 0;
  readonly #queue: Queue;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #trace: Trace;

  constructor(lambda: Lambda, time: VirtualTime, random: Random, trace: Trace) {
    this.#time = time;
    this.#random = random;
    this.#trace = trace;
    this.#queue = new Queue(POLICY, {
      invoke: (body) => lambda.invoke('redrive', { Records: [{ body }] }, FUNCTION_TIMEOUT_MS),
      giveUp: async (body) => trace.add('queue', `gave up on ${body}`),
      now: time.now,
      after: (ms, callback) => time.after(ms, callback),
      save: async () => {},
      troubled: (error) => {
        throw error;
      },
    });
  }

  /** Does SQS's `SendMessage`. */
  send(parked: Parked, delaySeconds: number): Promise<void> {
    return this.sends.run(parked, async () => {
      await this.#time.sleep(this.#random.between(2, 20));
      this.#trace.add('queue', `${delaySeconds} s ${JSON.stringify(parked)}`);
      this.sent++;
      await this.#queue.send(JSON.stringify(parked), delaySeconds * 1_000);
    });
  }
}
