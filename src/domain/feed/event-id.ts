import type { EventId } from '../schema.generated.ts';

/** An event's id is its author's, a colon, and what the author's client named it. */
export function eventId(actorId: string, clientMessageId: string): EventId {
  return `${actorId}:${clientMessageId}`;
}

export function authorOf(id: EventId): string {
  return id.slice(0, id.indexOf(':'));
}

export function clientMessageIdOf(id: EventId): string {
  return id.slice(id.indexOf(':') + 1);
}
