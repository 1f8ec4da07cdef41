import type { Clock, StartTimer } from '../../domain/ports/clock.ts';
import type { Delivery, Slice, Workers } from '../../domain/ports/workers.ts';
import { type Credentials, Signer, sha256 } from './sigv4.ts';

/** A worker's own time-out is 30 s. */
const TIMEOUT_MS = 35_000;

interface Time {
  now: Clock;
  startTimer: StartTimer;
}

interface Caller {
  region: string;
  credentials: Credentials;
}

/**
 * Invokes Lambdas as workers and waits for them. Invocations are rare, so `fetch` and the signer suffice, and fanOut's
 * bundle needs no other SDK client.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class LambdaWorkers implements Workers {
  readonly #url: URL;
  readonly #signer: Signer;
  readonly #time: Time;

  constructor(endpoint: string, functionName: string, { region, credentials }: Caller, time: Time) {
    this.#url = new URL(`/2015-03-31/functions/${functionName}/invocations`, endpoint);
    this.#signer = new Signer(credentials, region, this.#url.host, 'lambda');
    this.#time = time;
  }

  async fanOut(slice: Slice): Promise<Delivery> {
    const body = JSON.stringify(slice);
    // `fetch` sets `host` itself, to the signed one.
    const { host: _, ...headers } = this.#signer.sign('POST', this.#url.pathname, sha256(body), this.#time.now());
    const silence = new AbortController();
    const timer = this.#time.startTimer(TIMEOUT_MS, () => silence.abort(new Error('The fan-out worker is silent.')));
    try {
      const answer = await fetch(this.#url, { method: 'POST', headers, body, signal: silence.signal });
      const result = await answer.text();
      if (!answer.ok || answer.headers.has('x-amz-function-error')) {
        throw new Error(`The fan-out worker answered ${answer.status}: ${result.slice(0, 200)}`);
      }
      return JSON.parse(result);
    } finally {
      timer.close();
    }
  }
}
