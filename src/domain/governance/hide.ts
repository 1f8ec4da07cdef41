import type { Actor, ActorId, SequencedEvent } from '../schema.generated.ts';
import { isOperator } from './operator.ts';

/** The numbers below which a person's messages, name and picture are hidden. */
export interface Hidden {
  readonly before: number;
  /** The number below which messages sent as a moderator are hidden, too. Only the operator can hide these. */
  readonly always?: number;
  /** The number below which the person's name and picture are hidden, too. */
  readonly erased?: number;
}

/** The numbers below which messages are hidden, for each person. */
export type HiddenPeople = Readonly<Record<ActorId, Hidden>>;

/** The content of a hidden message. It is the same as that of a message that a moderator deleted. */
export const HIDDEN = { deleted: true, byModerator: true } as const;

/**
 * Maximum number of people in {@link HiddenPeople}. If there are more, the oldest entries are dropped. Normally the log
 * no longer has the texts that a dropped entry hides, because delivery/scrub-hidden.ts has removed them.
 */
const MAX_HIDDEN = 150;

/**
 * Hides the person's messages below the number of the event `by`. The order of the calls does not matter, nor does a
 * repeated call, unless there are more than {@link MAX_HIDDEN} people.
 */
export function hide(
  people: HiddenPeople,
  person: ActorId,
  by: { seq: number; actor: Actor; type?: string },
): HiddenPeople {
  const { [person]: known = { before: 0 }, ...others } = people;
  const always = Math.max(known.always ?? 0, isOperator(by.actor) ? by.seq : 0);
  const erased = Math.max(known.erased ?? 0, by.type === 'PersonErased' ? by.seq : 0);
  const hidden: Hidden = {
    before: Math.max(known.before, by.seq),
    ...(always > 0 ? { always } : {}),
    ...(erased > 0 ? { erased } : {}),
  };
  const latest = Object.entries(others).sort(([, a], [, b]) => b.before - a.before);
  return { ...Object.fromEntries(latest.slice(0, MAX_HIDDEN - 1)), [person]: hidden };
}

export function isHidden(people: HiddenPeople, { seq, actor }: { seq: number; actor: Actor }): boolean {
  const hidden = Object.hasOwn(people, actor.id) ? people[actor.id] : undefined;
  return hidden !== undefined && seq < (actor.role === 'moderator' ? (hidden.always ?? 0) : hidden.before);
}

/** Whether the name and picture of a hidden message's author are hidden, too. */
export function isErased(people: HiddenPeople, { seq, actor }: { seq: number; actor: Actor }): boolean {
  return seq < (people[actor.id]?.erased ?? 0);
}

/**
 * Returns the event as readers may see it: a hidden message has no text. The log may still have the text, until
 * delivery/scrub-hidden.ts removes it.
 */
export function conceal(people: HiddenPeople, event: SequencedEvent): SequencedEvent {
  if (event.type !== 'MessagePosted' || event.data.voided || !isHidden(people, event)) return event;
  return { ...event, data: HIDDEN };
}
