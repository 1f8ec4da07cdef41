import Pool from 'undici/lib/dispatcher/pool.js';
import type { Frame, Push, PushOutcome } from '../../domain/ports.ts';
import { type Credentials, Signer, sha256 } from './sigv4.ts';

export interface Options {
  /** `https://<api>.execute-api.<region>.amazonaws.com/<stage>`, or the local emulator's. */
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** Sockets, each with one post in flight. */
  concurrency: number;
  /** Tries of one post, the first included. */
  attempts?: number;
  /** Mean wait before the second try, ms; doubles with each. */
  retryMs?: number;
  /** After this without an answer a post has failed, ms. */
  timeoutMs?: number;
  /** For so long after a failure a connection gets one try instead of `attempts`, ms. */
  penaltyMs?: number;
  now?: () => number;
  random?: () => number;
}

type Answer = number | 'no answer';

/**
 * Posts frames through the API Gateway management API, over keep-alive sockets and with our own signature: the stock
 * client costs five times the CPU (docs/decisions/0005-our-own-post.md).
 *
 * A connection that does not take a frame is tried a few times with jitter and then left to heal itself, and gets a
 * single try for a while: a 429 may be one slow reader's full buffer, and a room does not wait for a slow reader.
 */
export class ManagementApiPush implements Push {
  readonly #pool: Pool;
  readonly #signer: Signer;
  readonly #basePath: string;
  readonly #options: Required<Options>;
  readonly #hashes = new WeakMap<Frame, string>();
  readonly #struggling = new Map<string, number>();

  constructor(options: Options) {
    const { origin, host, pathname } = new URL(options.endpoint);
    this.#options = {
      attempts: 3,
      retryMs: 50,
      timeoutMs: 1_000,
      penaltyMs: 10_000,
      now: Date.now,
      random: Math.random,
      ...options,
    };
    this.#basePath = `${pathname.replace(/\/$/, '')}/@connections/`;
    this.#signer = new Signer(options.credentials, options.region, host);
    this.#pool = new Pool(origin, {
      connections: options.concurrency,
      pipelining: 1,
      headersTimeout: this.#options.timeoutMs,
      bodyTimeout: this.#options.timeoutMs,
      connect: { timeout: this.#options.timeoutMs },
    });
  }

  async post(connectionId: string, frame: Frame): Promise<PushOutcome> {
    const attempts = this.#isStruggling(connectionId) ? 1 : this.#options.attempts;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#send(connectionId, frame);
      if (answer === 200) return 'delivered';
      // Nothing but 410 says so: a 403 is as well a missing permission, which must not empty the room.
      if (answer === 410) return 'gone';
      if (attempt >= attempts || (typeof answer === 'number' && answer < 500 && answer !== 429)) break;
      await this.#backOff(attempt);
    }
    this.#struggling.set(connectionId, this.#options.now() + this.#options.penaltyMs);
    return 'failed';
  }

  /** Rare, so it may as well be the SDK, loaded when the first connection has to be closed. */
  async close(connectionId: string): Promise<void> {
    const { closeConnection } = await import('./close-connection.ts');
    await closeConnection(this.#options, connectionId);
  }

  #isStruggling(connectionId: string): boolean {
    const until = this.#struggling.get(connectionId);
    if (until === undefined) return false;
    if (until > this.#options.now()) return true;
    this.#struggling.delete(connectionId);
    return false;
  }

  /** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  #backOff(attempt: number): Promise<void> {
    const ms = this.#options.random() * this.#options.retryMs * 2 ** attempt;
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  #send(connectionId: string, frame: Frame): Promise<Answer> {
    const path = this.#basePath + encodeURIComponent(connectionId);
    const headers = this.#signer.sign('POST', path, this.#hashOf(frame), this.#options.now());
    return new Promise((resolve) => {
      let answer: Answer = 'no answer';
      this.#pool.dispatch(
        { method: 'POST', path, headers, body: frame.body },
        {
          onRequestStart() {},
          onResponseStart(_controller, status) {
            answer = status;
          },
          onResponseData() {},
          onResponseEnd: () => resolve(answer),
          onResponseError: () => resolve(answer),
        },
      );
    });
  }

  #hashOf(frame: Frame): string {
    let hash = this.#hashes.get(frame);
    if (hash === undefined) {
      hash = sha256(frame.body);
      this.#hashes.set(frame, hash);
    }
    return hash;
  }
}
