import type { Bucket } from './rate-limit.ts';
import { roomBucket } from './room-capacity.ts';

/** A connection is closed when it has sent this many frames while it was told to wait. */
export const MAX_EARLY_FRAMES = 5;

/**
 * How long the sender of a flood cannot connect, ms. Before its connection is closed, a flood can use up the burst of its
 * route's throttle, which is two seconds of traffic (`npm run bench -- flood`).
 */
export const FLOOD_WAIT_MS = 60_000;

/** Longest wait, ms: 20 connections of one person, each charged once. */
const MAX_FLOOD_WAIT_MS = 20 * FLOOD_WAIT_MS;

/** A token bucket for each kind of request. */
export interface Limits {
  /** Commands of one person, over all their connections. */
  commands: Bucket;
  /** Messages of everyone in a room. Follows from what a partition can write, not from a person's rate. */
  room: Bucket;
  /** Frames of any kind on one connection: a person's commands plus ten pings or renewals. */
  frames: Bucket;
  /** Reports of one person, over all their connections. */
  reports: Bucket;
  /** Connections that one person opens. */
  dials: Bucket;
  /** HTTP requests of one person. */
  reads: Bucket;
  /** HTTP requests from one address, by guests or with refused tokens. A whole school may share an address. */
  address: Bucket;
  /** Connections from one address, by guests or with refused tokens. */
  addressDials: Bucket;
}

/**
 * Derives every limit from the rate at which a person may send messages.
 * @param burst RATE_BURST
 * @param perSecond RATE_PER_SECOND
 */
export function limitsOf({ burst, perSecond }: Bucket): Limits {
  const address = { burst: 20 * burst, perSecond: 20 * perSecond };
  return {
    commands: { burst, perSecond },
    room: roomBucket(0),
    frames: { burst: burst + 10, perSecond: perSecond + 1 },
    reports: { burst: 2 * burst, perSecond: perSecond / 60 },
    dials: { burst: 10 * burst, perSecond, debtMs: MAX_FLOOD_WAIT_MS },
    reads: { burst: 10 * burst, perSecond: 10 * perSecond },
    address,
    addressDials: { ...address, debtMs: MAX_FLOOD_WAIT_MS },
  };
}
