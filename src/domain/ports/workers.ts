import type { Connection } from './connections.ts';

/** Outcome of a fan-out, in numbers of connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
}

/** A part of a large room, for one worker. */
export interface Slice {
  /** As text, because a worker receives JSON. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of the account's quota. */
  postsPerSecond: number;
}

/** Workers beside the fan-out, each with a processor and sockets of its own. */
export interface Workers {
  /** @throws if the outcome is unknown */
  fanOut(slice: Slice): Promise<Delivery>;
}
