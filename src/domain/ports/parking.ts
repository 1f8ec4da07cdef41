import type { EventId } from '../schema.generated.ts';

/** Events of one room that could not be numbered or delivered, and wait for the next attempt. */
export interface Parked {
  room: string;
  /** In the order in which they should be numbered. */
  ids: readonly EventId[];
  /** How often these events were parked before. */
  attempt: number;
}

export interface Parking {
  /**
   * Stores events until `redriveParked` (numbering/parked.ts) tries them again.
   *
   * @param delaySeconds time until that attempt starts
   * @throws if the events were not stored, or if it is unknown whether they were
   */
  park(parked: Parked, delaySeconds: number): Promise<void>;
}
