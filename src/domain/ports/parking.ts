import type { EventId } from '../schema.generated.ts';

/** Events of one room that wait until they can be numbered. */
export interface Parked {
  room: string;
  /** In the order in which they should be numbered. */
  ids: readonly EventId[];
  /** How often these events were parked before. */
  attempt: number;
}

export interface Parking {
  /**
   * Stores events for a redrive.
   *
   * @param delaySeconds time until the redrive starts
   * @throws if it is unknown whether the events are stored
   */
  park(parked: Parked, delaySeconds: number): Promise<void>;
}
