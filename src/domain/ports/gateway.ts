/**
 * Why a connection did not get a frame, which its client then fetches.
 *
 * - `silent`: nothing answered
 * - `throttled`: 429
 * - `refused`: another 4xx
 * - `broken`: a 5xx, or a failure of the worker (workers.ts) that was to post the frame
 * - `late`: the delivery's time was over
 */
export type Cause = 'silent' | 'throttled' | 'refused' | 'broken' | 'late';

export interface Failure {
  cause: Cause;
  /** For the operator: the HTTP status, or what happened. */
  reason: string;
}

/**
 * `gone`: API Gateway does not know the connection (410), because it has ended or is still opening. A failure is final,
 * because {@link Gateway.post} has already retried where a retry could help.
 */
export type PostOutcome = 'delivered' | 'gone' | Failure;

export interface Gateway {
  /**
   * Posts one frame. Never throws. Frames for one connection arrive in order only if the caller awaits each post before
   * the next.
   *
   * @param signal ends the post when the time of its delivery is over
   */
  post(connectionId: string, frame: Frame, signal: AbortSignal): Promise<PostOutcome>;
  /** Closes the connection from the server's side. Never throws. */
  close(connectionId: string): Promise<void>;
}

/**
 * A frame, encoded once for all connections. All of them get the same object, so an adapter may use the object as the
 * key of a cache, for example of the body's hash.
 */
export interface Frame {
  readonly body: Uint8Array;
}
