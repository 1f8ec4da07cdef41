import type { Checkpoints } from '../../local/event-source-mapping/checkpoints.ts';
import { EventSourceMapping } from '../../local/event-source-mapping/mapping.ts';
import type { Pace } from '../../local/event-source-mapping/pace.ts';
import type { Stream } from '../../local/event-source-mapping/stream.ts';
import { fanOutMapping } from '../faults/fan-out-mapping.ts';
import type { Random } from '../faults/random.ts';
import { EVENTS_TABLE } from '../tables.ts';
import type { Lambda } from './lambda.ts';
import type { Record } from './stream.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';

/** Wait from the moment something is written to the next poll, ms. Lambda polls a shard four times a second. */
const POLL_MS = { min: 20, max: 250 };
const IDLE_MS = 5_000;
const FUNCTION_TIMEOUT_MS = 60_000;

type Kept = Map<string, { after?: string; finished?: true }>;

interface TriggerPorts {
  stream: Stream<Record>;
  lambda: Lambda;
  time: VirtualTime;
  random: Random;
  trace: Trace;
  /** Called with records that the trigger gave up on. */
  givenUp: (records: readonly Record[]) => void;
}

const policy = fanOutMapping(EVENTS_TABLE);

/** The event source mapping of the stream. It can be killed, and then started again from its checkpoints. */
export class Trigger {
  #kept: Kept = new Map();
  #life = { over: false, wake: () => {} };
  readonly #ports: TriggerPorts;

  constructor(ports: TriggerPorts) {
    this.#ports = ports;
  }

  start(): void {
    const life = { over: false, wake: () => {} };
    this.#life = life;
    const { stream, lambda, time, random, trace, givenUp } = this.#ports;
    const guard = <T>(wait: Promise<T>) => whileLiving(life, wait);
    const mapping = new EventSourceMapping<Record>(policy, {
      stream: {
        arn: stream.arn,
        shards: () => guard(stream.shards()),
        iterator: (shard, position) => guard(stream.iterator(shard, position)),
        read: (iterator) => guard(stream.read(iterator)),
      },
      checkpoints: checkpointsIn(this.#kept),
      createPace: () => pace(time, random),
      invoke: (Records) => guard(lambda.invoke('fanOut', { Records }, FUNCTION_TIMEOUT_MS)),
      giveUp: async (records, because) => {
        trace.add('trigger', `gave up on ${records.length}: ${because}`);
        givenUp(records);
      },
      onTrouble: (error) => trace.add('trigger', `trouble: ${error}`),
      time: { now: time.now, sleep: (ms) => guard(time.sleep(ms)) },
    });
    life.wake = () => mapping.wake();
    mapping.start();
  }

  /** Makes an idle trigger poll soon, because something was written. */
  wake(): void {
    this.#life.wake();
  }

  /** Kills the trigger and all invocations of fanOut, even those of other triggers. */
  kill(): void {
    this.#life.over = true;
    this.#life.wake = () => {};
    this.#ports.lambda.kill(({ name }) => name === 'fanOut');
  }

  /** Loses the checkpoints, so that the next start is from the beginning of the stream. */
  loseCheckpoints(): void {
    this.#kept = new Map();
  }
}

/** Returns a promise that settles as `wait` does, or never if the trigger is killed before. */
function whileLiving<T>(life: { over: boolean }, wait: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    wait.then(
      (value) => life.over || resolve(value),
      (error) => life.over || reject(error),
    );
  });
}

function checkpointsIn(kept: Kept): Checkpoints {
  return {
    get: (shardId) => kept.get(shardId)?.after,
    isFinished: (shardId) => kept.get(shardId)?.finished === true,
    advance: async (shardId, after) => {
      kept.set(shardId, { after });
    },
    finish: async (shardId) => {
      kept.set(shardId, { ...kept.get(shardId), finished: true });
    },
  };
}

function pace(time: VirtualTime, random: Random): Pace {
  let wakeUp: (() => void) | undefined;
  return {
    wait: () =>
      new Promise((resolve) => {
        const cancel = time.after(IDLE_MS, resolve);
        wakeUp = () => {
          cancel();
          wakeUp = undefined;
          time.after(random.between(POLL_MS.min, POLL_MS.max), resolve);
        };
      }),
    wake: () => wakeUp?.(),
  };
}
