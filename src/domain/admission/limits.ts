import type { Bucket } from './rate-limit.ts';

/** Frames that a connection may send before the wait of its last refusal is over. With one more it is closed. */
export const MAX_EARLY_FRAMES = 5;

/** What is counted, each by its own bucket. */
export interface Limits {
  /** Commands of one person, over all their connections. */
  commands: Bucket;
  /** Frames of one connection, whatever they are: a person's commands, and ten pings or renewals beside them. */
  frames: Bucket;
  /** Connections that one person opens. */
  dials: Bucket;
  /** HTTP requests of one person. */
  reads: Bucket;
  /** Connections, or HTTP requests, of all guests and of all refused tokens at one address: a school may share one. */
  address: Bucket;
}

/**
 * Every limit follows from what an operator allows a person to say.
 * @param burst RATE_BURST
 * @param perSecond RATE_PER_SECOND
 */
export function limitsOf({ burst, perSecond }: Bucket): Limits {
  return {
    commands: { burst, perSecond },
    frames: { burst: burst + 10, perSecond: perSecond + 1 },
    dials: { burst: 10 * burst, perSecond },
    reads: { burst: 10 * burst, perSecond: 10 * perSecond },
    address: { burst: 20 * burst, perSecond: 20 * perSecond },
  };
}
