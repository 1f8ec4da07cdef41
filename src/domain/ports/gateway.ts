/** `gone`: the connection does not exist any more. `failed`: tried within the budget and given up; the client heals itself. */
export type PostOutcome = 'delivered' | 'gone' | 'failed';

export interface Gateway {
  /** Posts one frame. Never throws. Frames for one connection arrive in order only if the caller awaits between them. */
  post(connectionId: string, frame: Frame): Promise<PostOutcome>;
  /** Closes the connection from the server's side. Never throws. */
  close(connectionId: string): Promise<void>;
}

/** A frame encoded once for everybody. An adapter may keep what it derives from it (a body hash) beside it, by identity. */
export interface Frame {
  readonly body: Uint8Array;
}
