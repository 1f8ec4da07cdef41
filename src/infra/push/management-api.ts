import type { Frame, Push, PushOutcome } from '../../domain/ports.ts';
import { KeepAlivePool, type Status } from './keep-alive-pool.ts';
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

const NOTHING: Frame = { body: new Uint8Array(0) };

/**
 * Posts frames through the API Gateway management API, over keep-alive sockets and with our own signature: the stock
 * client costs far more CPU (docs/decisions/0030-our-own-http-client.md).
 *
 * A connection that does not take a frame is tried a few times with jitter and then left to heal itself, and gets a
 * single try for a while: a 429 may be one slow reader's full buffer, and a room does not wait for a slow reader.
 */
export class ManagementApiPush implements Push {
  readonly #pool: KeepAlivePool;
  readonly #signer: Signer;
  readonly #basePath: string;
  readonly #options: Required<Options>;
  readonly #hashes = new WeakMap<Frame, string>();
  readonly #struggling = new Map<string, number>();

  constructor(options: Options) {
    const endpoint = new URL(options.endpoint);
    this.#options = {
      attempts: 3,
      retryMs: 50,
      timeoutMs: 1_000,
      penaltyMs: 10_000,
      now: Date.now,
      random: Math.random,
      ...options,
    };
    this.#basePath = `${endpoint.pathname.replace(/\/$/, '')}/@connections/`;
    this.#signer = new Signer(options.credentials, options.region, endpoint.host);
    this.#pool = new KeepAlivePool(endpoint, { sockets: options.concurrency, timeoutMs: this.#options.timeoutMs });
  }

  async post(connectionId: string, frame: Frame): Promise<PushOutcome> {
    const attempts = this.#isStruggling(connectionId) ? 1 : this.#options.attempts;
    for (let attempt = 1; ; attempt++) {
      const status = await this.#send('POST', connectionId, frame);
      if (status === 200) return 'delivered';
      // Nothing but 410 says so: a 403 is as well a missing permission, which must not empty the room.
      if (status === 410) return 'gone';
      if (attempt >= attempts || (typeof status === 'number' && status < 500 && status !== 429)) break;
      await this.#backOff(attempt);
    }
    this.#struggling.set(connectionId, this.#options.now() + this.#options.penaltyMs);
    return 'failed';
  }

  /** Best effort: it may be gone already, and its row goes by $disconnect or TTL. */
  async close(connectionId: string): Promise<void> {
    await this.#send('DELETE', connectionId, NOTHING);
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

  #send(method: 'POST' | 'DELETE', connectionId: string, frame: Frame): Promise<Status> {
    const path = this.#basePath + encodeURIComponent(connectionId);
    const headers = this.#signer.sign(method, path, this.#hashOf(frame), this.#options.now());
    return this.#pool.request({ method, path, headers, body: frame.body });
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
