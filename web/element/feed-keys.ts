/**
 * The keys of the feed pattern (ARIA Authoring Practices, "Feed"): Page Down and Page Up go from article to article,
 * Control with Home or End moves to what is before or after the feed.
 */
export type FeedMove = 'next' | 'previous' | 'before' | 'after';

export function feedKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): FeedMove | undefined {
  if (altKey || shiftKey) return undefined;
  if (ctrlKey || metaKey) return key === 'Home' ? 'before' : key === 'End' ? 'after' : undefined;
  return key === 'PageDown' ? 'next' : key === 'PageUp' ? 'previous' : undefined;
}
