import type { EventId } from '../schema.generated.ts';

/** Events of one room that wait until they can be numbered. */
export interface Parked {
  room: string;
  /** In the order in which they should be numbered. */
  ids: readonly EventId[];
  /** How often they were parked before. */
  attempt: number;
}

export interface Parking {
  /**
   * Keeps events for a redrive.
   *
   * @param delaySeconds time until the redrive starts
   * @throws if it is unknown whether they are kept
   */
  park(parked: Parked, delaySeconds: number): Promise<void>;
}
