import type { StoredEvent } from '../ports/event-log.ts';
import type { EventId } from '../schema.generated.ts';
import { banOf, evolveRules, type Rules, type Verdict } from './rules.ts';

/** What is left of a voided message. */
export const VOIDED = { voided: true } as const;

/**
 * Judges a batch by the rules of the room. It is a function of the log alone, so whoever numbers comes to the same verdict.
 * @param events in the order of their numbers
 * @param first the number of the first
 */
export function judge(before: Rules, events: readonly StoredEvent[], first: number): Verdict {
  const voided = new Set<EventId>();
  let after = before;
  for (const [index, event] of events.entries()) {
    if (event.type === 'MessagePosted' && banOf(after, event.actor, event.at)) voided.add(event.id);
    else after = evolveRules(after, { ...event, seq: first + index });
  }
  return { before, after, voided };
}

/** The event as the verdict leaves it. */
export function voidedBy({ voided }: Verdict, event: StoredEvent): StoredEvent {
  return voided.has(event.id) ? ({ ...event, data: VOIDED } as StoredEvent) : event;
}
