import type { Connection } from './connections.ts';

export interface Refused {
  /**
   * A refusal tells the sender how long to wait. This is how many of the connection's frames were refused since then,
   * because they came before the wait was over. 0 for the refusal that began the wait, and if `connection` is absent.
   */
  early: number;
  /** Absent if the connection is unknown or is being closed. */
  connection?: Connection;
}

/** Limits the frames of each connection. */
export interface Admission {
  /**
   * Finds the connection that a frame came over, and takes a token from that connection's bucket, in one write.
   * @returns undefined if the connection is unknown
   * @throws ShoutError `rate_limited` with `retryAfterMs`, if the bucket is empty or the connection is being closed
   */
  admit(connectionId: string): Promise<Connection | undefined>;
  /**
   * Notes that a rate limit refused a frame: the connection's limit, or another one, such as the person's.
   * @param retryAfterMs the wait that the sender is told, ms
   * @returns the connection, and `early`, which includes the frame of this call unless its refusal begins a wait
   */
  refused(connectionId: string, retryAfterMs: number): Promise<Refused>;
  /** Notes that a connection is being closed. For a while its frames are refused without a request to the store. */
  closed(connectionId: string): void;
}
