import type { EventId } from '../schema.generated.ts';

export function eventId(actorId: string, clientMessageId: string): EventId {
  return `${actorId}:${clientMessageId}`;
}

export function authorOf(id: EventId): string {
  return id.slice(0, id.indexOf(':'));
}

export function clientMessageIdOf(id: EventId): string {
  return id.slice(id.indexOf(':') + 1);
}
