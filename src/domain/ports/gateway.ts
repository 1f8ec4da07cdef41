/** `gone`: the connection no longer exists. `failed`: given up after a few tries; the client fetches what it missed. */
export type PostOutcome = 'delivered' | 'gone' | 'failed';

export interface Gateway {
  /** Posts one frame. Never throws. Frames for one connection arrive in order only if the caller awaits between them. */
  post(connectionId: string, frame: Frame): Promise<PostOutcome>;
  /** Closes the connection from the server's side. Never throws. */
  close(connectionId: string): Promise<void>;
}

/** A frame, encoded once for all connections. An adapter may cache what it derives from it, such as a hash, by identity. */
export interface Frame {
  readonly body: Uint8Array;
}
