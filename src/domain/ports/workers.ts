import type { Connection } from './connections.ts';
import type { Cause } from './gateway.ts';

/** Outcome of a fan-out, in numbers of connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
  /** Number of failed connections for each cause. The numbers add up to `failed`. */
  causes?: Partial<Record<Cause, number>>;
  /** Why the first of the failed connections failed, for the operator. */
  reason?: string;
}

/** The frames to post, and the part of a large room's connections that one worker posts them to. */
export interface Slice {
  /** The frames as text, because a worker receives JSON, which cannot hold bytes. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of the account's quota of API Gateway requests, requests/s. */
  postsPerSecond: number;
  /** Time within which the worker must answer, ms. */
  budgetMs: number;
}

/** Workers that fan out in parallel, each with its own processor and sockets. */
export interface Workers {
  /**
   * Makes a worker post a slice's frames to the slice's connections.
   * @param signal ends the wait for the worker, which itself goes on
   * @throws if the worker returns no outcome: it cannot be invoked, fails, or is no longer waited for
   */
  fanOut(slice: Slice, signal: AbortSignal): Promise<Delivery>;
}
