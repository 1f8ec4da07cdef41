import type { Deliveries, Delivery, Slice } from '../../domain/ports/deliveries.ts';
import { type Credentials, Signer, sha256 } from './sigv4.ts';

/** A worker's own time-out is 30 s. */
const TIMEOUT_MS = 35_000;

interface Caller {
  region: string;
  credentials: Credentials;
}

/**
 * Workers that are Lambdas, invoked and waited for. One request in a while, so `fetch` and the signer at hand do, and
 * fanOut's bundle is spared another SDK client.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class LambdaDeliveries implements Deliveries {
  readonly #url: URL;
  readonly #signer: Signer;

  constructor(endpoint: string, functionName: string, { region, credentials }: Caller) {
    this.#url = new URL(`/2015-03-31/functions/${functionName}/invocations`, endpoint);
    this.#signer = new Signer(credentials, region, this.#url.host, 'lambda');
  }

  async deliver(slice: Slice): Promise<Delivery> {
    const body = JSON.stringify(slice);
    // `fetch` sets the host itself: the one of the address, which is the one that is signed.
    const { host: _, ...headers } = this.#signer.sign('POST', this.#url.pathname, sha256(body), Date.now());
    const answer = await fetch(this.#url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const result = await answer.text();
    if (!answer.ok || answer.headers.has('x-amz-function-error')) {
      throw new Error(`The delivery worker answered ${answer.status}: ${result.slice(0, 200)}`);
    }
    return JSON.parse(result);
  }
}
