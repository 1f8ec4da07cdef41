import { LATE } from '../../domain/delivery/delivery.ts';
import type { Clock, Sleep, StartTimer } from '../../domain/ports/clock.ts';
import type { Failure, Frame, Gateway, PostOutcome } from '../../domain/ports/gateway.ts';
import type { Random } from '../../domain/ports/randomness.ts';
import type { ConnectionCloser } from './close-connection.ts';
import { KeepAlivePool, type Status } from './keep-alive-pool.ts';
import { type Credentials, escapeUri, Signer, sha256 } from './sigv4.ts';

export interface Options {
  /** `https://<api>.execute-api.<region>.amazonaws.com/<stage>`, or the address of the local emulator. */
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** Maximum number of sockets. Each has at most one post in flight. */
  concurrency: number;
  /** Maximum number of attempts at one post, including the first. */
  attempts?: number;
  /** Mean wait before the second attempt, ms. It doubles with each further attempt. */
  retryMs?: number;
  /** Time-out of one attempt, ms. */
  timeoutMs?: number;
  /** Time after a failed post, ms, during which each post to the same connection gets one attempt, not `attempts`. */
  penaltyMs?: number;
  /** Called for each 429. */
  onThrottled?: () => void;
  now: Clock;
  sleep: Sleep;
  startTimer: StartTimer;
  random: Random;
}

/** Causes of failures that may have passed by the next attempt, so that a retry is worth it. */
const PASSING: ReadonlySet<Failure['cause']> = new Set(['silent', 'throttled', 'broken']);

/** Maximum size of `#struggling`. Bounds memory, because a Lambda may live for hours. */
const MAX_STRUGGLING = 10_000;

/**
 * Posts frames through the API Gateway management API. Uses an HTTP client and a signer of this project, because the
 * SDK's client costs far more CPU (docs/decisions/0030-our-own-http-client.md).
 *
 * Retries a post if its failure may pass. If it still fails, the frame is lost for that connection, and the client
 * fetches what it missed. For `penaltyMs`, each further post to that connection then gets only one attempt, because the
 * room must not wait for a slow reader. A 429, for example, may mean that the reader's buffer is full.
 */
export class ManagementApiGateway implements Gateway {
  readonly #pool: KeepAlivePool;
  readonly #signer: Signer;
  readonly #basePath: string;
  readonly #options: Required<Options>;
  readonly #hashes = new WeakMap<Frame, string>();
  #closer: ConnectionCloser | undefined;
  /** For each connection whose post failed lately: the time until which a post gets one attempt, ms since 1970. */
  readonly #struggling = new Map<string, number>();

  constructor(options: Options) {
    const endpoint = new URL(options.endpoint);
    this.#options = {
      attempts: 3,
      retryMs: 50,
      timeoutMs: 1_000,
      penaltyMs: 10_000,
      onThrottled: () => {},
      ...options,
    };
    this.#basePath = `${endpoint.pathname.replace(/\/$/, '')}/@connections/`;
    this.#signer = new Signer(options.credentials, options.region, endpoint.host);
    const { concurrency: sockets, timeoutMs, now, startTimer } = this.#options;
    this.#pool = new KeepAlivePool(endpoint, { sockets, timeoutMs, now, startTimer });
  }

  async post(connectionId: string, frame: Frame, signal: AbortSignal): Promise<PostOutcome> {
    const attempts = this.#struggles(connectionId) ? 1 : this.#options.attempts;
    for (let attempt = 1; ; attempt++) {
      const status = await this.#send(connectionId, frame, signal);
      if (status === 200) return 'delivered';
      // Only 410 means gone. A 403 can mean a missing permission, and the connection must then not be removed.
      if (status === 410) return 'gone';
      if (status === 429) this.#options.onThrottled();
      // A missing answer can cost a whole time-out, so at most one retry follows it. The retry helps if the socket had
      // died unnoticed.
      const triesLeft = (status === 'no answer' ? Math.min(attempts, 2) : attempts) - attempt;
      const failure = failureOf(status);
      if (triesLeft > 0 && PASSING.has(failure.cause)) {
        await this.#backOff(attempt);
        continue;
      }
      // `late` says nothing about the connection, because the delivery's time was over before an answer came.
      if (failure.cause !== 'late') this.#blame(connectionId);
      return failure;
    }
  }

  /** Closing is rare, so the SDK's client does it. It is loaded when the first connection is closed. */
  async close(connectionId: string): Promise<void> {
    const { ConnectionCloser } = await import('./close-connection.ts');
    this.#closer ??= new ConnectionCloser(this.#options);
    await this.#closer.close(connectionId);
  }

  #struggles(connectionId: string): boolean {
    const until = this.#struggling.get(connectionId);
    if (until === undefined || until > this.#options.now()) return until !== undefined;
    this.#struggling.delete(connectionId);
    return false;
  }

  #blame(connectionId: string): void {
    // The entry of a closed connection stays in the map, because nobody posts to that connection any more. So a full
    // map is cleared.
    if (this.#struggling.size >= MAX_STRUGGLING) this.#struggling.clear();
    this.#struggling.set(connectionId, this.#options.now() + this.#options.penaltyMs);
  }

  /** Waits with "full jitter": https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  #backOff(attempt: number): Promise<void> {
    const ms = this.#options.random() * this.#options.retryMs * 2 ** attempt;
    return this.#options.sleep(ms);
  }

  #send(connectionId: string, frame: Frame, signal: AbortSignal): Promise<Status> {
    const path = this.#basePath + escapeUri(connectionId);
    const headers = this.#signer.sign('POST', path, this.#hashOf(frame), this.#options.now());
    return this.#pool.request({ method: 'POST', path, headers, body: frame.body }, signal);
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

function failureOf(status: Status): Failure {
  if (status === 'aborted') return LATE;
  if (status === 'no answer') return { cause: 'silent', reason: status };
  const cause = status === 429 ? 'throttled' : status >= 500 ? 'broken' : 'refused';
  return { cause, reason: `${status}` };
}
