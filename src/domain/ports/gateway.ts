/**
 * Why a connection did not get a frame: nothing answered, 429, another 4xx, 5xx, or the delivery's time was over before
 * its turn. Its client fetches what it missed.
 */
export type Cause = 'silent' | 'throttled' | 'refused' | 'broken' | 'late';

export interface Failure {
  cause: Cause;
  /** For the operator: the status, or a description. */
  reason: string;
}

/** `gone`: the connection no longer exists. A failure is final: the post was tried a few times. */
export type PostOutcome = 'delivered' | 'gone' | Failure;

export interface Gateway {
  /**
   * Posts one frame. Never throws. Frames for one connection arrive in order only if the caller awaits between them.
   *
   * @param signal ends the post when the time of its delivery is over
   */
  post(connectionId: string, frame: Frame, signal: AbortSignal): Promise<PostOutcome>;
  /** Closes the connection from the server's side. Never throws. */
  close(connectionId: string): Promise<void>;
}

/** A frame, encoded once for all connections. An adapter may cache what it derives from it, such as a hash, by identity. */
export interface Frame {
  readonly body: Uint8Array;
}
