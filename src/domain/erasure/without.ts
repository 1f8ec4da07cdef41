import { amend } from '../feed/amendment.ts';
import { authorOf } from '../feed/event-id.ts';
import { HIDDEN } from '../governance/hide.ts';
import type { Actor, ActorId, EventId } from '../schema.generated.ts';
import { anonymous, pseudonym } from '../text/anonymous.ts';

/** The target of an erasure: everything that a person said, with their name; or one message, with its author's name. */
export type Target = { person: ActorId } | { room: string; message: EventId };

export type Item = Readonly<Record<string, unknown>>;

/**
 * Removes what is to be erased from an item of the Events table or a row of the State table.
 * @returns the same object if it holds nothing to erase
 */
export function without(target: Target, item: Item): Item {
  if (isEvent(item) && isTargeted(target, item)) return withoutSaying(item);
  return 'person' in target ? (withoutName(target.person, item) as Item) : item;
}

/** An item that is an event, with the parts that may have to be erased. */
export type Said = Item & { room: string; id: EventId; type: string; actor: Actor; data: Item };

export function isEvent(item: Item): item is Said {
  return typeof item.id === 'string' && typeof item.type === 'string' && isNamed(item.actor);
}

export function isTargeted(target: Target, { room, id }: Pick<Said, 'room' | 'id'>): boolean {
  if ('message' in target) return room === target.room && id === target.message;
  return authorOf(id) === target.person;
}

function withoutSaying(event: Said): Item {
  const { data } = event;
  const actor = withoutName(event.actor.id, event.actor) as Actor;
  const left = 'text' in data ? amend<Item>(data, HIDDEN) : data;
  return actor === event.actor && left === data ? event : { ...event, actor, data: left };
}

/**
 * Removes the person's name, its hash (`skeleton`) and the picture from any stored value, however deeply nested.
 * @returns the same value if it holds none of them
 */
function withoutName(person: ActorId, value: unknown): unknown {
  if (isNamed(value) && value.id === person) return isAnonymous(value) ? value : anonymous(value);
  if (Array.isArray(value)) {
    const left = value.map((element) => withoutName(person, element));
    return left.some((element, index) => element !== value[index]) ? left : value;
  }
  if (!isObject(value)) return value;
  const left = Object.entries(value).map(([name, inner]) => [name, withoutName(person, inner)] as const);
  return left.some(([name, inner]) => inner !== value[name]) ? Object.fromEntries(left) : value;
}

function isNamed(value: unknown): value is Actor {
  return isObject(value) && typeof value.id === 'string' && typeof value.name === 'string';
}

function isAnonymous({ id, name, role: _, ...others }: Actor): boolean {
  return name === pseudonym(id) && Object.keys(others).length === 0;
}

/**
 * Whether a value is an object. Also true for a Set, which the document client of DynamoDB returns for a stored set.
 * Its elements are not searched, because no stored set holds names.
 */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
