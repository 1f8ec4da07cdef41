import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Parked, Parking } from '../../src/domain/ports/parking.ts';
import type { Telemetry } from '../../src/domain/ports/telemetry.ts';
import type { TokenVerifier } from '../../src/domain/ports/token-verifier.ts';
import type { ServerFrame } from '../../src/domain/schema.generated.ts';
import { TableClock as ClockOfOne } from '../../src/infra/dynamodb/table-clock.ts';
import type { HttpRequest, Status } from '../../src/infra/gateway/keep-alive-pool.ts';
import type { Runtime } from '../../src/infra/runtime.ts';
import type { ApiGateway } from './api-gateway.ts';
import type { Database } from './database.ts';
import { type Invocation, invocation, onBehalf } from './lambda.ts';
import type { SimulatedQueue } from './queue.ts';
import type { VirtualTime } from './time.ts';

/**
 * The simulated services that this module uses. This module replaces the adapters of src/infra that use the network,
 * the clock, randomness or the console. `replace.ts` makes imports of these adapters load this module instead.
 * Everything else is the shipping code: handlers, their middlewares, the composition root.
 */
export interface Outside {
  time: VirtualTime;
  random: () => number;
  createId: () => string;
  database: Database;
  gateway: ApiGateway;
  queue: SimulatedQueue;
  verifier: TokenVerifier;
  /** Called with a line for each counter that a handler increases, and for each log entry whose level is not `info`. */
  told: (line: string) => void;
}

let outside: Outside;

/** Sets the simulated services of all handlers. */
export function enter(world: Outside): void {
  outside = world;
}

/** Replaces src/infra/runtime.ts. */
export const runtime: Runtime = {
  now: () => outside.time.now() + (invocation()?.skew ?? 0),
  sleep: (ms) => onBehalf(() => outside.time.sleep(ms)),
  startTimer: (ms, callback) => {
    const start = () => outside.time.after(ms, whileItRuns(callback));
    let cancel = start();
    return {
      refresh: () => {
        cancel();
        cancel = start();
      },
      close: () => cancel(),
    };
  },
  random: () => outside.random(),
  createId: () => outside.createId(),
};

/**
 * Replaces the `setTimeout` of node:timers in Middy. Middy uses it to end a handler shortly before the Lambda times
 * out. The timer can't be cancelled, because Middy cancels with the global `clearTimeout`, which is not replaced.
 */
export function setTimeout(callback: () => void, ms: number): object {
  outside.time.after(ms, whileItRuns(callback));
  return {};
}

/** Binds a callback to the current invocation: after the end of this invocation, the callback does nothing. */
function whileItRuns(callback: () => void): () => void {
  const by = invocation();
  return AsyncLocalStorage.bind(() => {
    if (!by?.over) callback();
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Replaces src/infra/dynamodb/client.ts. */
export function documentClient(clock?: TableClock): DynamoDBDocumentClient {
  const send = (command: never, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
    const answer = outside.database.client.send(command).then((output) => {
      clock?.heard(new Date(outside.time.now()).toUTCString());
      return output;
    });
    if (!abortSignal) return answer;
    const cut = aborted(abortSignal).then(() => Promise.reject(new DOMException('aborted', 'AbortError')));
    return onBehalf(() => Promise.race([answer, cut]));
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/**
 * Replaces src/infra/dynamodb/table-clock.ts. On AWS, each process has an instance of its own. Here, all invocations
 * share one instance, so it keeps a clock for each invocation, and one for code outside of any invocation.
 */
export class TableClock {
  readonly #machines = new WeakMap<Invocation | Outside, ClockOfOne>();
  readonly #local: Clock;

  constructor(local: Clock) {
    this.#local = local;
  }

  readonly now: Clock = () => this.#own.now();

  heard(date: string): void {
    this.#own.heard(date);
  }

  get #own(): ClockOfOne {
    const machine = invocation() ?? outside;
    const own = this.#machines.get(machine) ?? new ClockOfOne(this.#local);
    this.#machines.set(machine, own);
    return own;
  }
}

const texts = new WeakMap<Uint8Array, string>();

/** Returns the text of a body. Decodes each body only once: the posts of a frame to all connections share one body. */
function textOf(body: Uint8Array): string {
  const text = texts.get(body) ?? new TextDecoder().decode(body);
  texts.set(body, text);
  return text;
}

/** Replaces src/infra/gateway/keep-alive-pool.ts. */
export class KeepAlivePool {
  readonly #timeoutMs: number;

  constructor(_origin: URL, { timeoutMs }: { timeoutMs: number }) {
    this.#timeoutMs = timeoutMs;
  }

  request({ path, body }: HttpRequest, signal: AbortSignal): Promise<Status> {
    const connectionId = decodeURIComponent(path.split('/@connections/')[1]!);
    const { posts = { made: 0, open: 0 } } = invocation() ?? {};
    posts.made++;
    posts.open++;
    const post = outside.gateway.post({ connectionId, body: textOf(body) });
    const silence = outside.time.sleep(this.#timeoutMs).then((): Status => 'no answer');
    const first = Promise.race([post, silence, aborted(signal).then((): Status => 'aborted')]);
    return onBehalf(() => first.finally(() => posts.open--));
  }
}

/** Replaces src/infra/gateway/close-connection.ts. */
export class ConnectionCloser {
  close(connectionId: string, last?: ServerFrame): Promise<void> {
    return onBehalf(async () => {
      if (last) await outside.gateway.post({ connectionId, body: JSON.stringify(last) });
      await outside.time.sleep(5);
      outside.gateway.close(connectionId);
    });
  }
}

/** Replaces src/infra/sqs/sqs-parking.ts. */
export class SqsParking implements Parking {
  park(parked: Parked, delaySeconds: number): Promise<void> {
    return onBehalf(() => outside.queue.send(parked, delaySeconds));
  }
}

/** Replaces src/infra/identity/token-verifier.ts. */
export class JwtVerifier implements TokenVerifier {
  verify(token: string) {
    return outside.verifier.verify(token);
  }
}

/** Replaces src/infra/telemetry.ts. */
export class ConsoleTelemetry implements Telemetry {
  count(counter: string, by = 1): void {
    if (by > 0) outside.told(`${counter} ${by}`);
  }

  measure(): void {}

  log(level: string, event: string, fields: Record<string, unknown> = {}): void {
    if (level !== 'info') outside.told(`${level} ${event} ${fields.code ?? fields.error ?? fields.reason ?? ''}`);
  }

  flush(): void {}
}
