import type { Connection } from './connections.ts';
import type { Cause } from './gateway.ts';

/** Outcome of a fan-out, in numbers of connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
  /** Failed connections by cause. They add up to `failed`. */
  causes?: Partial<Record<Cause, number>>;
  /** Why the first of them failed, for the operator. */
  reason?: string;
}

/** A part of a large room, for one worker. */
export interface Slice {
  /** As text, because a worker receives JSON. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of the account's quota, requests/s. */
  postsPerSecond: number;
  /** The worker answers within this time, ms. */
  budgetMs: number;
}

/** Workers that fan out in parallel, each with its own processor and sockets. */
export interface Workers {
  /**
   * @param signal stops waiting for the worker
   * @throws if the outcome is unknown
   */
  fanOut(slice: Slice, signal: AbortSignal): Promise<Delivery>;
}
