import type { Clock } from '../../domain/ports/clock.ts';
import type { Delivery, Slice, Workers } from '../../domain/ports/workers.ts';
import { type Credentials, Signer, sha256 } from './sigv4.ts';

interface Caller {
  region: string;
  credentials: Credentials;
}

/**
 * Invokes a Lambda function for each slice of a large room, and waits for the function's answer. Uses `fetch` instead
 * of the SDK's Lambda client, to keep that client out of fanOut's bundle.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class LambdaWorkers implements Workers {
  readonly #url: URL;
  readonly #signer: Signer;
  readonly #now: Clock;

  constructor(endpoint: string, functionName: string, { region, credentials }: Caller, now: Clock) {
    this.#url = new URL(`/2015-03-31/functions/${functionName}/invocations`, endpoint);
    this.#signer = new Signer(credentials, region, this.#url.host, 'lambda');
    this.#now = now;
  }

  async fanOut(slice: Slice, signal: AbortSignal): Promise<Delivery> {
    const body = JSON.stringify(slice);
    // `fetch` sets the `host` header itself, and to the same value that was signed.
    const { host: _, ...headers } = this.#signer.sign('POST', this.#url.pathname, sha256(body), this.#now());
    const answer = await fetch(this.#url, { method: 'POST', headers, body, signal });
    const result = await answer.text();
    if (!answer.ok || answer.headers.has('x-amz-function-error')) {
      throw new Error(`The fan-out worker answered ${answer.status}: ${result.slice(0, 200)}`);
    }
    return JSON.parse(result);
  }
}
