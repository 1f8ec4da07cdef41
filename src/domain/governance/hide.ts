import type { Actor, ActorId, SequencedEvent } from '../schema.generated.ts';
import { isOperator } from './operator.ts';

/** Up to which number a person's messages are hidden. */
export interface Hidden {
  readonly before: number;
  /** Up to which number also what they said as a moderator: only the operator hides that. */
  readonly always?: number;
  /** Up to which number also their name and picture are gone. */
  readonly erased?: number;
}

/** By person. */
export type HiddenPeople = Readonly<Record<ActorId, Hidden>>;

/** What is left of a hidden message: it looks like one that a moderator deleted. */
export const HIDDEN = { deleted: true, byModerator: true } as const;

/** The oldest go first: what they hide has been scrubbed by then. */
const MAX_HIDDEN = 150;

/** Hides what the person said below this event's number. Insensitive to order and to duplicates. */
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

/** Of a message that is hidden. */
export function isErased(people: HiddenPeople, { seq, actor }: { seq: number; actor: Actor }): boolean {
  return seq < (people[actor.id]?.erased ?? 0);
}

/** The event as readers may see it: the items of hidden messages are scrubbed in the background, which takes its time. */
export function conceal(people: HiddenPeople, event: SequencedEvent): SequencedEvent {
  if (event.type !== 'MessagePosted' || event.data.voided || !isHidden(people, event)) return event;
  return { ...event, data: HIDDEN };
}
