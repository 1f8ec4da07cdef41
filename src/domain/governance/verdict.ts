import type { StoredEvent } from '../ports/event-log.ts';
import type { EventId } from '../schema.generated.ts';
import { banOf, evolveRules, type Rules, type Verdict } from './rules.ts';

/** Replaces the data of a message whose author was banned, so that the text is gone. */
export const VOIDED = { voided: true } as const;

/**
 * Decides which messages of a batch are voided, and what the rules of the room are after the batch. The verdict depends
 * on the log alone, so every process that numbers the batch comes to the same verdict.
 * @param before the rules before the batch
 * @param events in the order of their numbers
 * @param first the number of the first event
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

/** Returns the event, without its text if the verdict voids it. */
export function voidedBy({ voided }: Verdict, event: StoredEvent): StoredEvent {
  return voided.has(event.id) ? ({ ...event, data: VOIDED } as StoredEvent) : event;
}
