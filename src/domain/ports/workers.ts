import type { Connection } from './connections.ts';

/** What became of a fan-out. Counts are connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
}

/** A part of a large room, for one worker. */
export interface Slice {
  /** As text: a worker gets it as JSON. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of what the account may post. */
  postsPerSecond: number;
}

/** Workers beside the fan-out, each with a processor and sockets of its own. */
export interface Workers {
  /** @throws where it is not known what became of the slice */
  fanOut(slice: Slice): Promise<Delivery>;
}
