import type { Item } from '../erasure/without.ts';
import type { StoredEvent } from './event-log.ts';

/** All stored items, for the operator to read and change. */
export interface StoredItems {
  /** Lists every item of the Events table, page by page. Items that are written meanwhile may or may not be listed. */
  events(): AsyncIterable<readonly Item[]>;
  /** Lists every row of the State table, page by page. Rows that are written meanwhile may or may not be listed. */
  rows(): AsyncIterable<readonly Item[]>;
  /**
   * Replaces the data and the actor of an event.
   * @param after the changed event, with the revision that was read
   * @returns false if the event has changed since it was read; nothing is then written
   */
  replaceEvent(after: StoredEvent): Promise<boolean>;
  /**
   * Changes a row from `before` to `after`. Writes only the attributes that differ.
   * @returns false if one of these attributes has changed since it was read; nothing is then written
   */
  replaceRow(before: Item, after: Item): Promise<boolean>;
}
