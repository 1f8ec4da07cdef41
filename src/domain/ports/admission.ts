import type { Connection } from './connections.ts';

export interface Refused {
  /** Frames that came before the wait was over; 0 for the first refusal. */
  early: number;
  /** Absent if the connection is no longer known. */
  connection?: Connection;
}

/** Limits the frames of each connection. */
export interface Admission {
  /**
   * Finds the connection that a frame came over, and takes a token from that connection's bucket, in one write.
   * @returns undefined if the connection is unknown
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  admit(connectionId: string): Promise<Connection | undefined>;
  /**
   * Notes that a frame was refused, whichever bucket was empty.
   * @param retryAfterMs what the sender is told
   * @returns how many frames of this connection came before the wait was over, this one included; 0 for the first refusal
   */
  refused(connectionId: string, retryAfterMs: number): Promise<Refused>;
  /** Refuses all further frames of a connection that is being closed, without a request to the store. */
  closed(connectionId: string): void;
}
