import type { Connection } from './connections.ts';
import type { Cause } from './gateway.ts';

/** Outcome of a fan-out, in numbers of connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
  /** Why they failed; all together `failed`. */
  causes?: Partial<Record<Cause, number>>;
  /** Of the first that failed, for the operator. */
  reason?: string;
}

/** A part of a large room, for one worker. */
export interface Slice {
  /** As text, because a worker receives JSON. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of the account's quota. */
  postsPerSecond: number;
  /** The worker answers within this time, ms. */
  budgetMs: number;
}

/** Workers beside the fan-out, each with a processor and sockets of its own. */
export interface Workers {
  /**
   * @param signal ends the waiting
   * @throws if the outcome is unknown
   */
  fanOut(slice: Slice, signal: AbortSignal): Promise<Delivery>;
}
