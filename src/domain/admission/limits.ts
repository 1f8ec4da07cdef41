import type { Bucket } from './rate-limit.ts';
import { roomBucket } from './room-capacity.ts';

/** A connection is closed when it has sent this many frames although a rate limit told it to wait. */
export const MAX_EARLY_FRAMES = 5;

/**
 * Time for which a sender whose connection was closed for flooding cannot connect again, ms. Before it is closed, the
 * connection can use up the burst of API Gateway's throttle, which all senders share. Without the wait, the sender
 * could connect again at once and use up the next burst. `npm run bench -- flood` measures the effect.
 */
export const FLOOD_WAIT_MS = 60_000;

/** Maximum sum of a sender's flood waits, ms: one for each of the 20 connections that a person may have by default. */
const MAX_FLOOD_WAIT_MS = 20 * FLOOD_WAIT_MS;

/** A token bucket for each kind of request. */
export interface Limits {
  /** Commands of one person, over all their connections. */
  commands: Bucket;
  /**
   * Messages of everyone in a room. This limit follows from what a DynamoDB partition can write, not from a person's
   * rate.
   */
  room: Bucket;
  /**
   * Frames of any kind on one connection. The limit exceeds `commands` by a burst of ten and by one a second, for pings
   * and renewals.
   */
  frames: Bucket;
  /** Reports of one person, over all their connections. */
  reports: Bucket;
  /** Connections that one person opens, and sign-ins of the person on connections that were opened as a guest. */
  dials: Bucket;
  /** HTTP requests of one person. */
  reads: Bucket;
  /**
   * HTTP requests from one address that do not count in `reads`: by guests, or refused before the person is known. The
   * limit is high, because a whole school may share an address.
   */
  address: Bucket;
  /** Connections from one address that do not count in `dials`: by guests, or refused before the person is known. */
  addressDials: Bucket;
}

/**
 * Derives every limit except the room's from the rate at which a person may send commands.
 * @param burst the setting RATE_BURST
 * @param perSecond the setting RATE_PER_SECOND
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
