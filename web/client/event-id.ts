import type { EventId } from '../../src/domain/schema.generated.ts';

/** An event's id is its author's, a colon, and what the author's client named it. */
export function clientMessageIdOf(id: EventId): string {
  return id.slice(id.indexOf(':') + 1);
}
