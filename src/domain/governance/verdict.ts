import type { StoredEvent } from '../ports/event-log.ts';
import type { EventId } from '../schema.generated.ts';
import { banOf, evolveRules, type Rules } from './rules.ts';

/** What numbering decides about a batch besides its numbers. */
export interface Verdict {
  /** The rules before the first event of the batch, and after the last. The same object where none changes them. */
  readonly before: Rules;
  readonly after: Rules;
  /** Messages of authors who are banned at their number: they keep it and lose what they say. */
  readonly voided: ReadonlySet<EventId>;
}

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
