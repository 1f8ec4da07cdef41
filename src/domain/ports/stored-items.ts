import type { Item } from '../erasure/without.ts';
import type { StoredEvent } from './event-log.ts';

/** Everything that is stored, as the operator may read and change it. */
export interface StoredItems {
  /** Every item of the log, page by page. Items that are written meanwhile may be among them. */
  events(): AsyncIterable<readonly Item[]>;
  /** Every row of state. */
  rows(): AsyncIterable<readonly Item[]>;
  /**
   * Replaces the data and the actor of an event.
   * @param after with the revision that was read
   * @returns whether the event had not changed since it was read
   */
  replaceEvent(after: StoredEvent): Promise<boolean>;
  /**
   * Replaces attributes of a row.
   * @returns whether they had not changed since they were read
   */
  replaceRow(before: Item, after: Item): Promise<boolean>;
}
